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
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The layout of November 2026: cells are named by their axes, as far as these were not as usual;
 * {@code events.csv} is the run's log and {@code changes.csv} what was changed. Columns came to it
 * one by one; {@link Schema1Tables} fills those that a folder lacks.
 */
final class Schema1 implements Schema {
  private static final String PLACEHOLDER = "00000000";
  private static final String CELL = "cell";

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
    Old old = Whole.checked(folder.manifest(), Json.readLoosely(folder.manifest(), Old.class));
    this.manifest =
        new Manifest(
            1,
            old.run(),
            old.experiment(),
            old.question(),
            Arrays.stream(old.testbed().split("\\+", -1))
                .flatMap(word -> Named.find(TestbedKind.class, word).stream())
                .toList(),
            status(old.status()),
            old.startedUtc(),
            old.durationS(),
            old.seed(),
            old.repetitions(),
            List.of(),
            List.of(),
            old.rulesEdit(),
            Optional.empty(),
            old.command(),
            old.notes(),
            Optional.empty());
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

  private RunStatus status(String word) throws IOException {
    return Named.find(RunStatus.class, word)
        .orElseThrow(() ->
            new IOException(
                folder.manifest()
                    + ": status: found '"
                    + TextFiles.shown(word)
                    + "'; allowed: "
                    + String.join(", ", Named.words(RunStatus.class))));
  }

  @Override
  public boolean has(Table<?> table) {
    return !table.is(Tables.PODS_OVER_TIME) && !table.is(Tables.PROCESSES) && !table.is(Tables.DUE);
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

  /** These came to it one by one. */
  @Override
  public boolean mayLack(Table<?> table) {
    return List.of(Tables.EVENTS, Tables.EFFECTS, Tables.KERNEL).contains(table);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw) throws IOException {
    if (!Csv.columns(table.type()).contains("cell_id")) {
      return tables.upgraded(table, raw);
    }
    raw.needs(CELL);
    return table.is(Tables.CELLS)
        ? tables.cells(raw.with(CELL, this::named).renamed(CELL, "cell_id"))
        : tables.upgraded(table, raw.renamed(CELL, "cell_id").with("cell_id", this::id));
  }

  /** Keeps the name of a cell that has no id yet. */
  private String named(Map<String, String> row) {
    names.add(row.get(CELL));
    return PLACEHOLDER;
  }

  /** The id of the cell that a row names, in its form of this version. */
  private String id(Map<String, String> row) {
    String name = row.get("cell_id");
    return ids.containsKey(name) ? ids.get(name).word() : name;
  }

  @Override
  public List<CellRow> cells(List<CellRow> read, Consumer<String> problems) {
    List<CellRow> rows = new ArrayList<>();
    for (CellRow row : read) {
      CellRow own = CellRow.of(row.run(), row.number(), row.block(), row.testbed(), row.toCell());
      String name = names.get(row.number() - 1);
      if (ids.containsValue(own.cellId())) {
        problems.accept(
            file(Tables.CELLS) + ": " + name + " is the same as a cell above; it is left out");
        ids.put(name, row.cellId());
      } else {
        rows.add(own);
        ids.put(name, own.cellId());
      }
    }
    return rows;
  }

  @Override
  public RawFile raw(CellId cell, int number, String name) {
    String old =
        ids.entrySet().stream()
            .filter(e -> e.getValue().equals(cell))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    return folder.raw(old, number, name);
  }

  @Override
  public RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number)
      throws IOException {
    return tables.upgraded(
        table,
        raw.with("cell_id", _ -> cell.word()).with("repetition", _ -> Integer.toString(number)));
  }

  @Override
  public List<String> lacks() {
    return List.of(
        "This folder has the layout of an earlier version (schema 1). It does not say "
            + String.join("; ", tables.lacks())
            + ".");
  }
}
