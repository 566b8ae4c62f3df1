package dev.conntrail.analysis.chance;

import java.util.Arrays;

/**
 * The number of pairs of connections that share a pod, the sum of c(c-1)/2 over counts c: Pearson's
 * statistic against equal shares in whole numbers, so that ties are ties. X² = (k/n)(n + 2 pairs) -
 * n.
 */
final class Pairs {
  /** Most connections that pairs are counted of: their pairs fit a long many times over. */
  static final long MOST_CONNECTIONS = 1_000_000_000;

  private Pairs() {}

  /** Of these counts. */
  static long of(long[] counts) {
    return Arrays.stream(counts).map(c -> c * (c - 1) / 2).sum();
  }

  /** When n lie as evenly as they can on k pods. */
  static long least(long n, long k) {
    long each = n / k;
    return k * (each * (each - 1) / 2) + n % k * each;
  }

  /** When all n lie on one pod. */
  static long most(long n) {
    return n * (n - 1) / 2;
  }

  /** Pearson's statistic; 0 for no connections. */
  static double pearson(long pairs, long n, int k) {
    return n == 0 ? 0 : (double) k / n * (2.0 * (pairs - least(n, k))) + pearsonLeast(n, k);
  }

  /** Pearson's statistic where n lie as evenly as they can: with r left over, r(k - r) / n. */
  private static double pearsonLeast(long n, int k) {
    double left = n % k;
    return left * (k - left) / n;
  }
}
