package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What one load process writes in one repetition.
 *
 * @param path its folder
 */
public record ClientFolder(Path path) {
  /** What it is to do. */
  public Path plan() {
    return path.resolve("plan.json");
  }

  /** A table. */
  public Path of(Table<?> table) {
    return path.resolve(table.file());
  }

  /** Writes a table. */
  public <R extends Record> void write(Table<R> table, List<R> rows) throws IOException {
    Csv.write(of(table), table.type(), rows);
  }

  /** The rows of a table. */
  public <R extends Record> List<R> rows(Table<R> table) throws IOException {
    return Csv.read(of(table), table.type());
  }

  /** Its histograms. */
  public Path latency() {
    return path.resolve("latency.hlog");
  }

  /** Its sums. */
  public Path totals() {
    return path.resolve("totals.json");
  }
}
