package dev.conntrail.model.hash;

/**
 * Bob Jenkins' lookup3 as the kernel has it ({@code include/linux/jhash.h}): {@code jhash} over
 * four, eight, twelve and sixteen bytes, of which the first three are also {@code jhash_1word} to
 * {@code jhash_3words}. Words are as a little-endian machine loads them.
 */
public final class JenkinsHash {
  /** {@code JHASH_INITVAL}. */
  private static final int INITIAL = 0xdeadbeef;

  private static final int WORD = 4;

  private JenkinsHash() {}

  /** {@code jhash_1word}; the same as {@code jhash} over its four bytes. */
  public static int one(int a, int seed) {
    int start = INITIAL + WORD + seed;
    return last(a + start, start, start);
  }

  /** {@code jhash_2words}; the same as {@code jhash} over its eight bytes. */
  public static int two(int a, int b, int seed) {
    int start = INITIAL + 2 * WORD + seed;
    return last(a + start, b + start, start);
  }

  /** {@code jhash_3words}; the same as {@code jhash} over its twelve bytes. */
  public static int three(int a, int b, int c, int seed) {
    int start = INITIAL + 3 * WORD + seed;
    return last(a + start, b + start, c + start);
  }

  /** {@code jhash} over sixteen bytes: one round of mixing, then the last word. */
  public static int four(int first, int second, int third, int fourth, int seed) {
    int start = INITIAL + 4 * WORD + seed;
    int a = start + first;
    int b = start + second;
    int c = start + third;
    a = (a - c) ^ Integer.rotateLeft(c, 4);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 6);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 8);
    b += a;
    a = (a - c) ^ Integer.rotateLeft(c, 16);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 19);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 4);
    b += a;
    return last(a + fourth, b, c);
  }

  /** {@code __jhash_final}. */
  static int last(int first, int second, int third) {
    int a = first;
    int b = second;
    int c = (third ^ second) - Integer.rotateLeft(second, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  /**
   * {@code reciprocal_scale} ({@code include/linux/kernel.h}): a 32-bit hash to 0 .. size-1 without
   * a division.
   */
  public static int scale(int hash, int size) {
    return (int) (((hash & 0xffffffffL) * size) >>> 32);
  }

  /** {@code hash_32} ({@code include/linux/hash.h}): the top bits of a product. */
  public static int goldenRatio(int value, int bits) {
    return (value * 0x61C88647) >>> (32 - bits);
  }
}
