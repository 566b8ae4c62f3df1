package dev.conntrail.model;

/**
 * Where a model gets its random words, as the kernel has {@code get_random_u32} ({@code
 * drivers/char/random.c}). The kernel serves them from a batch of ChaCha20 output for each CPU;
 * this is Marsaglia's xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled", 2016), so that a seed repeats a run. The cost of a draw differs.
 */
public final class Draws {
  private long state;

  /**
   * A stream.
   *
   * @param seed any number
   */
  public Draws(long seed) {
    long mixed = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    state = mixed == 0 ? 1 : mixed;
  }

  /** The next 32 bits. */
  public int next() {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    state = x;
    return (int) ((x * 0x2545F4914F6CDD1DL) >>> 32);
  }
}
