package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Counts for tests: drawn, or all that there are. */
final class DrawnCounts {
  private DrawnCounts() {}

  static long[] fair(RandomGenerator random, int n, int k) {
    long[] counts = new long[k];
    for (int i = 0; i < n; i++) {
      counts[random.nextInt(k)]++;
    }
    return counts;
  }

  /** One pod draws a share of its own. */
  static long[] onePod(RandomGenerator random, int n, int k, double share) {
    long[] counts = new long[k];
    for (int i = 0; i < n; i++) {
      counts[random.nextDouble() < share ? 0 : 1 + random.nextInt(k - 1)]++;
    }
    return counts;
  }

  /** Each of the k^n outcomes, all as likely. */
  static void outcomes(int n, int k, Consumer<long[]> each) {
    long outcomes = Math.round(Math.pow(k, n));
    for (long outcome = 0; outcome < outcomes; outcome++) {
      long[] counts = new long[k];
      long rest = outcome;
      for (int i = 0; i < n; i++) {
        counts[(int) (rest % k)]++;
        rest /= k;
      }
      each.accept(counts);
    }
  }

  static long total(long[] counts) {
    return Arrays.stream(counts).sum();
  }
}
