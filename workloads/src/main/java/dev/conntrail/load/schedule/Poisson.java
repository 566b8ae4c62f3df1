package dev.conntrail.load.schedule;

/**
 * A Poisson process: independent gaps, exponentially distributed. Its rate may change: the process
 * of rate 1 is stretched by what the rate adds up to (D. Cinlar, Introduction to Stochastic
 * Processes, 1975, 4.7).
 *
 * <p>The gap before request {@code i} is a function of the seed and {@code i} (the mixing function
 * of SplitMix64; Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, 2014), and the
 * sums of some first gaps are kept, so that any request is found soon, by any thread, without an
 * allocation.
 */
public final class Poisson implements FireTimes {
  /** Sums that are kept, about: 16 MB at most. */
  private static final int KEPT = 1 << 21;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1p-53;

  /** Sums are counted in such parts of a mean gap. */
  private static final double PART = 0x1p-24;

  private final Paced mean;
  private final long seed;
  private final int shift;
  private final long[] sums;

  /**
   * A process.
   *
   * @param mean the rate, as requests without chance have it
   * @param seed of the gaps
   * @param lengthNs after the start: what is due later is found more slowly
   */
  public Poisson(Paced mean, long seed, long lengthNs) {
    this.mean = mean;
    this.seed = mixed(seed);
    this.shift = shift(mean, lengthNs);
    this.sums = sums(lengthNs);
  }

  private static int shift(Paced mean, long lengthNs) {
    int shift = 2;
    while (mean.dueNs((long) KEPT << shift) < lengthNs) {
      shift++;
    }
    return shift;
  }

  /** The sum of the first gaps that there are before each so-manieth one. */
  private long[] sums(long lengthNs) {
    long[] kept = new long[1024];
    int n = 0;
    long sum = 0;
    while (true) {
      if (n == kept.length) {
        kept = copy(kept, n, 2 * n);
      }
      kept[n++] = sum;
      if (mean.atNs(sum * PART) >= lengthNs) {
        return copy(kept, n, n);
      }
      long first = (long) (n - 1) << shift;
      for (long i = first; i < first + (1L << shift); i++) {
        sum += gap(i);
      }
    }
  }

  private static long[] copy(long[] of, int n, int length) {
    long[] copy = new long[length];
    System.arraycopy(of, 0, copy, 0, n);
    return copy;
  }

  /** The gap before a request, in parts of the mean. */
  private long gap(long i) {
    double uniform = (mixed(seed + (i + 1) * GOLDEN) >>> 11) * UNIT;
    return (long) (-StrictMath.log(1 - uniform) / PART);
  }

  private static long mixed(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  @Override
  public long dueNs(long i) {
    int at = (int) Math.min(i >> shift, sums.length - 1);
    long sum = sums[at];
    for (long j = (long) at << shift; j <= i; j++) {
      sum += gap(j);
    }
    return (long) mean.atNs(sum * PART);
  }
}
