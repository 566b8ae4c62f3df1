package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The layout of this version. */
class Schema5 implements Schema {
  private final RunFolder folder;
  private final Manifest manifest;

  Schema5(RunFolder folder) throws IOException {
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
    return raw;
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
    return raw;
  }

  @Override
  public boolean mayLack(Table<?> table) {
    return table.is(Tables.KERNEL);
  }

  /** Cells without events do not have it, and at first none had. */
  @Override
  public boolean has(Table<?> table) {
    return !table.is(Tables.DUE);
  }

  @Override
  public List<String> lacks() {
    return List.of();
  }
}
