package dev.conntrail.spec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A cell's short name in every table: the first digits of the SHA-256 of its key, so that the same
 * set-up has the same id in every run.
 *
 * @param word eight hexadecimal digits
 */
public record CellId(String word) implements Comparable<CellId> {
  private static final int BYTES = 4;

  public CellId {
    if (!word.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException(
          "found the cell id '" + word + "'; allowed: eight hexadecimal digits");
    }
  }

  /** The id of a key. */
  static CellId of(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return new CellId(HexFormat.of().formatHex(hash, 0, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
