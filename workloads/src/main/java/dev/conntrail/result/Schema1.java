package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of November 2026: cells are named by their axes, as far as these were not as usual;
 * {@code events.csv} is the run's log and {@code changes.csv} what was changed. Columns came to it
 * one by one; {@link Schema1Tables} fills those that a folder lacks.
 */
final class Schema1 implements Schema {
  private static final String PLACEHOLDER = "00000000";

  private final RunFolder folder;
  private final Manifest manifest;
  private final Schema1Tables tables;
  private final List<String> names = new ArrayList<>();
  private final Map<String, CellId> ids = new LinkedHashMap<>();

  /** {@code manifest.json} as it was. */
  private record Old(
      String run,
      String experiment,
      String question,
      String testbed,
      String status,
      String startedUtc,
      double durationS,
      long seed,
      int repetitions,
      String rulesEdit,
      List<String> command,
      List<String> notes) {}

  Schema1(RunFolder folder) throws IOException {
    this.folder = folder;
    Old old = Json.readLoosely(folder.manifest(), Old.class);
    this.manifest =
        new Manifest(
            1,
            old.run(),
            old.experiment(),
            old.question(),
            Arrays.stream(old.testbed().split("\\+", -1))
                .flatMap(word -> Named.find(TestbedKind.class, word).stream())
                .toList(),
            Named.find(RunStatus.class, old.status()).orElse(RunStatus.FAILED),
            old.startedUtc(),
            old.durationS(),
            old.seed(),
            old.repetitions(),
            List.of(),
            List.of(),
            old.rulesEdit(),
            old.command(),
            old.notes());
    if (manifest.testbeds().isEmpty()) {
      throw new IOException(
          folder.manifest()
              + ": testbed: found '"
              + old.testbed()
              + "'; allowed: "
              + String.join(", ", Named.words(TestbedKind.class)));
    }
    this.tables = new Schema1Tables(manifest);
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public Path file(Table<?> table) {
    if (table.is(Tables.LOG)) {
      return folder.of(Tables.EVENTS);
    }
    return table.is(Tables.EVENTS) ? folder.path().resolve("changes.csv") : folder.of(table);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) {
    if (table.is(Tables.CELLS)) {
      raw.lines()
          .forEach(line -> names.add(line.values().get(Math.max(0, raw.header().indexOf("cell")))));
      return tables.cells(raw.renamed("cell", "cell_id").with("cell_id", _ -> PLACEHOLDER));
    }
    return tables.upgraded(table, raw.renamed("cell", "cell_id").with("cell_id", this::id));
  }

  /** The id of the cell that a row names, in its form of this version. */
  private String id(Map<String, String> row) {
    String name = row.getOrDefault("cell_id", Schema1Tables.MISSING);
    return ids.containsKey(name) ? ids.get(name).word() : name;
  }

  @Override
  public List<CellRow> cells(List<CellRow> read) {
    List<CellRow> rows = new ArrayList<>();
    for (CellRow row : read) {
      CellRow own = CellRow.of(row.run(), row.number(), row.block(), row.testbed(), row.toCell());
      rows.add(own);
      ids.put(names.get(row.number() - 1), own.cellId());
    }
    return rows;
  }

  @Override
  public RepetitionFolder repetition(CellId cell, int number) {
    String name =
        ids.entrySet().stream()
            .filter(e -> e.getValue().equals(cell))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    return new RepetitionFolder(folder.cells().resolve(name).resolve("rep-%02d".formatted(number)));
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) {
    return tables.upgraded(
        table,
        raw.with("cell_id", _ -> cell.word()).with("repetition", _ -> Integer.toString(number)));
  }

  @Override
  public List<String> lacks() {
    return List.of(
        "This folder has the layout of an earlier version (schema 1): it does not say how many times"
            + " were behind a percentile, which rules had which hash, or where connections landed"
            + " that had no reply.");
  }
}
