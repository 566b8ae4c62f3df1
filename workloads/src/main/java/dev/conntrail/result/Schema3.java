package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The layout of this version: its first folders have another name, and lack a column. */
class Schema3 implements Schema {
  /** How failures of requests and connects after an event were called at first, and are now. */
  static final String FAILED = "failed_count";

  static final String FAILURES = "failures_count";

  /** How often libraries sent requests again; before there was the column they never did. */
  static final String RETRIED = "retried_count";

  static final String REQUESTS_RETRIED = "requests_retried_count";

  static final String NEVER = "0";

  private final RunFolder folder;
  private final Manifest manifest;

  Schema3(RunFolder folder) throws IOException {
    this.folder = folder;
    this.manifest = Whole.checked(folder.manifest(), Json.read(folder.manifest(), Manifest.class));
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public Path file(Table<?> table) {
    return folder.of(table);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) {
    return table.is(Tables.EFFECTS)
        ? raw.renamed(FAILED, FAILURES)
        : table.is(Tables.SUMMARY) ? retried(table, REQUESTS_RETRIED, raw) : raw;
  }

  /** What has other columns than a table has now is no earlier version, but damage. */
  static RawTable retried(Table<?> table, String column, RawTable raw) {
    return raw.has(column) || !Csv.columns(table.type()).containsAll(raw.header())
        ? raw
        : raw.with(column, _ -> NEVER);
  }

  @Override
  public List<CellRow> cells(List<CellRow> read, Consumer<String> problems) {
    return read;
  }

  @Override
  public RawFile raw(CellId cell, int number, String name) {
    return folder.raw(cell.word(), number, name);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    return table.is(Tables.PODS_OVER_TIME) ? retried(table, RETRIED, raw) : raw;
  }

  @Override
  public boolean mayLack(Table<?> table) {
    return table.is(Tables.KERNEL);
  }

  @Override
  public List<String> lacks() {
    return List.of();
  }
}
