package dev.conntrail.spec;

/**
 * A cell's short name in every table: the first digits of the SHA-256 of its key, so that the same
 * set-up has the same id in every run.
 *
 * @param word eight hexadecimal digits
 */
public record CellId(String word) implements Comparable<CellId> {
  private static final int DIGITS = 8;

  public CellId {
    if (!word.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException(
          "found the cell id '" + word + "'; allowed: eight hexadecimal digits");
    }
  }

  /** The id of a key. */
  static CellId of(String key) {
    return new CellId(Sha256.of(key).substring(0, DIGITS));
  }

  /** The id that was written as a word. */
  public static CellId parse(String word) {
    return new CellId(word);
  }

  @Override
  public int compareTo(CellId other) {
    return word.compareTo(other.word);
  }

  @Override
  public String toString() {
    return word;
  }
}
