package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the tables of a folder, whatever its layout; what cannot be read is noted and left out. */
final class TableReader {
  /** Problems of one table that are told one by one. */
  private static final int TOLD = 3;

  private final Schema schema;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  TableReader(RunFolder folder) throws IOException {
    this.schema = Schema.of(folder);
    this.folder = folder.path();
  }

  Schema schema() {
    return schema;
  }

  /** What could not be read, a line each, with file, line and column. */
  List<String> problems() {
    return problems;
  }

  /** Something that could not be read. */
  void problem(String line) {
    problems.add(line.replace(folder + "/", ""));
  }

  /**
   * The cells, without which nothing can be told.
   *
   * @throws IOException if there are none, with file, line and column
   */
  List<CellRow> cells() throws IOException {
    RawTable raw = schema.upgraded(Tables.CELLS, Csv.parse(schema.file(Tables.CELLS)));
    List<String> bad = new ArrayList<>();
    List<CellRow> rows = Csv.rows(raw, CellRow.class, bad::add);
    if (!bad.isEmpty()) {
      throw new IOException(bad.getFirst());
    }
    return schema.cells(rows);
  }

  /** The rows of a table of the run; none if it is not there, which is no problem. */
  <R extends Record> List<R> optional(Table<R> table) {
    return Files.exists(schema.file(table)) ? rows(table) : List.of();
  }

  /** The rows of a table of the run. */
  <R extends Record> List<R> rows(Table<R> table) {
    try {
      return rows(schema.upgraded(table, Csv.parse(schema.file(table))), table);
    } catch (IOException e) {
      problem(e.getMessage() + "; the table is left out");
      return List.of();
    }
  }

  /** The rows of a table of a repetition; none if it is not there, which is no problem. */
  <R extends Record> List<R> rows(Table<R> table, CellId cell, int repetition) {
    Path file = schema.repetition(cell, repetition).of(table);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return rows(schema.upgraded(table, Csv.parse(file), cell, repetition), table);
    } catch (IOException e) {
      problem(e.getMessage() + "; the table is left out");
      return List.of();
    }
  }

  private <R extends Record> List<R> rows(RawTable raw, Table<R> table) throws IOException {
    List<String> bad = new ArrayList<>();
    List<R> rows = Csv.rows(raw, table.type(), bad::add);
    bad.stream().limit(TOLD).forEach(b -> problem(b + "; the line is left out"));
    if (bad.size() > TOLD) {
      problem(raw.file() + ": " + (bad.size() - TOLD) + " more lines are left out");
    }
    return rows;
  }
}
