package dev.conntrail.result;

/**
 * A table of a result folder.
 *
 * @param file its name
 * @param type its rows
 * @param <R> its rows
 */
public record Table<R extends Record>(String file, Class<R> type) {
  /** Whether it is another. */
  boolean is(Table<?> other) {
    return file.equals(other.file());
  }
}
