package dev.conntrail.model.hash;

/**
 * SipHash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) in the kernel's forms
 * ({@code lib/siphash.c}): SipHash-2-4 for conntrack and for ipvs's connection table of Linux 7,
 * and {@code hsiphash}, which is SipHash-1-3 on 64-bit machines, for ipvs's scheduler mh.
 */
public final class SipHash {
  private static final long V0 = 0x736f6d6570736575L;
  private static final long V1 = 0x646f72616e646f6dL;
  private static final long V2 = 0x6c7967656e657261L;
  private static final long V3 = 0x7465646279746573L;
  private static final int LENGTH_SHIFT = 56;

  private SipHash() {}

  /** {@code siphash_2u64}: sixteen bytes. */
  public static long two(long first, long second, long key0, long key1) {
    return sip(2, 4, key0, key1, 2, first, second, 0, 0, 16L << LENGTH_SHIFT);
  }

  /**
   * {@code siphash} over 39 bytes, a conntrack tuple up to its protocol.
   *
   * @param last the last seven bytes; its top byte is left out
   */
  public static long thirtyNine(
      long first, long second, long third, long fourth, long last, long key0, long key1) {
    long tail = (last & 0x00ff_ffff_ffff_ffffL) | (39L << LENGTH_SHIFT);
    return sip(2, 4, key0, key1, 4, first, second, third, fourth, tail);
  }

  /** {@code hsiphash_1u32} on a 64-bit machine: SipHash-1-3 of four bytes, folded to 32 bits. */
  public static int half(int word, long key0, long key1) {
    long tail = (4L << LENGTH_SHIFT) | (word & 0xffffffffL);
    return (int) sip(1, 3, key0, key1, 0, 0, 0, 0, 0, tail);
  }

  /** {@code words} whole words, then the tail with the length in its top byte. */
  static long sip(
      int perWord,
      int atEnd,
      long key0,
      long key1,
      int words,
      long m0,
      long m1,
      long m2,
      long m3,
      long tail) {
    long v0 = V0 ^ key0;
    long v1 = V1 ^ key1;
    long v2 = V2 ^ key0;
    long v3 = V3 ^ key1;
    int steps = words + 2;
    for (int i = 0; i < steps; i++) {
      boolean end = i == words + 1;
      long m = end ? 0 : i == words ? tail : i == 0 ? m0 : i == 1 ? m1 : i == 2 ? m2 : m3;
      v3 ^= m;
      if (end) {
        v2 ^= 0xff;
      }
      int rounds = end ? atEnd : perWord;
      for (int r = 0; r < rounds; r++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= m;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
