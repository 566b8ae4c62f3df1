package dev.conntrail.load.codec;

import java.nio.charset.StandardCharsets;

/**
 * The body of a reply as far as anybody looks at it: its first bytes, where they came if they came
 * together, else gathered. The rest is counted.
 */
public final class Body {
  /** How many bytes are kept. */
  public static final int KEPT = 4096;

  private static final byte[] NONE = {};

  private byte[] array = NONE;
  private int from;
  private int length;
  private long total;
  private boolean lent;
  private byte[] own = NONE;

  /** Begins another. */
  void clear() {
    array = NONE;
    from = 0;
    length = 0;
    total = 0;
    lent = false;
  }

  /** More of it; the array is only lent, and the same one until {@link #keep}. */
  void add(byte[] in, int at, int count) {
    total += count;
    int wanted = Math.min(count, KEPT - length);
    if (wanted <= 0) {
      return;
    }
    if (length == 0) {
      array = in;
      from = at;
      length = wanted;
      lent = true;
    } else if (lent && from + length == at) {
      length += wanted;
    } else {
      keep();
      own = room(length + wanted);
      System.arraycopy(in, at, own, length, wanted);
      array = own;
      length += wanted;
    }
  }

  /** The lent array is about to be used again: what of it is the body's is copied. */
  void keep() {
    if (lent && length > 0) {
      byte[] lender = array;
      own = room(length);
      System.arraycopy(lender, from, own, 0, length);
      array = own;
      from = 0;
    }
    lent = false;
  }

  private byte[] room(int wanted) {
    if (own.length >= wanted) {
      return own;
    }
    return java.util.Arrays.copyOf(own, Math.min(KEPT, Math.max(wanted, 2 * own.length)));
  }

  /** Where its bytes are. */
  public byte[] array() {
    return array;
  }

  /** Where in there the first is. */
  public int from() {
    return from;
  }

  /** How many are there. */
  public int length() {
    return length;
  }

  /** How long it was, with what was not kept. */
  public long total() {
    return total;
  }

  /** As text, a character a byte. */
  @Override
  public String toString() {
    return new String(array, from, length, StandardCharsets.ISO_8859_1);
  }
}
