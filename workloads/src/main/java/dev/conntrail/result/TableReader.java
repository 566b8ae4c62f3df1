package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the tables of a folder, whatever its layout; what cannot be read is noted and left out. */
final class TableReader {
  /** Problems that are told one by one: of a table's lines, and of files of one name. */
  private static final int TOLD = 3;

  private final Schema schema;
  private final Path folder;
  private final Map<String, Set<String>> problems = new LinkedHashMap<>();

  TableReader(RunFolder folder) throws IOException {
    this.schema = Schema.of(folder);
    this.folder = folder.path();
  }

  Schema schema() {
    return schema;
  }

  /** What could not be read, a line each, with file, line and column. */
  synchronized List<String> problems() {
    List<String> told = new ArrayList<>();
    problems.forEach((name, lines) -> {
      lines.stream().limit(TOLD).forEach(told::add);
      if (lines.size() > TOLD) {
        told.add((lines.size() - TOLD) + " more of " + name);
      }
    });
    return told;
  }

  /** Something of a file that could not be read. */
  void problem(Path file, String what) {
    problem(RawFile.of(file), what);
  }

  /** The same of one that may be packed. */
  synchronized void problem(RawFile file, String what) {
    problems
        .computeIfAbsent(file.name(), _ -> new LinkedHashSet<>())
        .add(what.replace(folder + "/", ""));
  }

  /** A file's place in the folder. */
  String within(RawFile file) {
    return file.toString().replace(folder + "/", "");
  }

  /**
   * The cells, without which nothing can be told.
   *
   * @throws IOException if there are none, with file, line and column
   */
  List<CellRow> cells() throws IOException {
    Path file = schema.file(Tables.CELLS);
    List<CellRow> rows =
        schema.cells(
            Csv.rows(
                schema.upgraded(Tables.CELLS, Csv.parse(file)),
                CellRow.class,
                leftOut(RawFile.of(file))),
            what -> problem(file, what));
    Map<CellId, CellRow> byId = new LinkedHashMap<>();
    for (CellRow row : rows) {
      if (byId.putIfAbsent(row.cellId(), row) != null) {
        problem(file, file + ": found the cell " + row.cellId() + " twice; the later is left out");
      }
    }
    if (byId.isEmpty()) {
      throw new IOException(
          problems().isEmpty()
              ? file + ":2: found no cell; allowed: one or more"
              : folder + "/" + problems().getFirst());
    }
    return List.copyOf(byId.values());
  }

  /** The rows of a table of the run; none if it is not there. */
  <R extends Record> List<R> rows(Table<R> table) {
    Path file = schema.file(table);
    if (schema.mayLack(table) && !Files.exists(file)) {
      return List.of();
    }
    return rows(RawFile.of(file), table, () -> schema.upgraded(table, Csv.parse(file)));
  }

  /** The rows of a table of a repetition; none if it is not there. */
  <R extends Record> List<R> rows(Table<R> table, CellId cell, int repetition) {
    RawFile file = schema.raw(cell, repetition, table.file());
    if (!schema.has(table) && gone(file)) {
      return List.of();
    }
    return rows(file, table, () -> schema.upgraded(table, Csv.parse(file), cell, repetition));
  }

  /** A damaged archive is told of when it is read. */
  private static boolean gone(RawFile file) {
    try {
      return !file.exists();
    } catch (IOException _) {
      return false;
    }
  }

  /** Gives a table as text. */
  private interface Source {
    RawTable get() throws IOException;
  }

  private <R extends Record> List<R> rows(RawFile file, Table<R> table, Source source) {
    try {
      return Csv.rows(source.get(), table.type(), leftOut(file));
    } catch (IOException e) {
      problem(file, e.getMessage() + "; the table is left out");
      return List.of();
    }
  }

  private Consumer<String> leftOut(RawFile file) {
    return line -> problem(file, line + "; the line is left out");
  }
}
