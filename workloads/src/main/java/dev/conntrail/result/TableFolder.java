package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A folder that holds tables. */
public sealed interface TableFolder permits ClientFolder, RepetitionFolder, RunFolder {
  /** The folder. */
  Path path();

  /** The file of a table. */
  default Path of(Table<?> table) {
    return path().resolve(table.file());
  }

  /** Writes a table anew. */
  default <R extends Record> void write(Table<R> table, List<R> rows) throws IOException {
    Csv.write(of(table), table.type(), rows);
  }

  /** The rows of a table. */
  default <R extends Record> List<R> rows(Table<R> table) throws IOException {
    return Csv.read(of(table), table.type());
  }
}
