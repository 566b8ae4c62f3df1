package dev.conntrail.analysis.theory;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** The sum of n numbers, each uniform from 0 to 1 (Irwin and Hall, Biometrika 19, 1927). */
final class UniformSum {
  /**
   * Up to here exact; beyond, rounding eats the alternating sum, and the normal distribution is
   * within 1 % of the density around the mean.
   */
  private static final int EXACT = 15;

  private static final double VARIANCE_OF_ONE = 1.0 / 12;

  private UniformSum() {}

  /**
   * Probability that the sum is at most so much.
   *
   * @param n how many, at least 1
   */
  static double atMost(int n, double x) {
    if (x <= 0 || x >= n) {
      return x <= 0 ? 0 : 1;
    }
    if (n > EXACT) {
      return NormalDistribution.of(n / 2.0, Math.sqrt(n * VARIANCE_OF_ONE))
          .cumulativeProbability(x);
    }
    // the distribution is symmetric, and the sum is shorter below the mean
    return x > n / 2.0 ? 1 - belowMean(n, n - x) : belowMean(n, x);
  }

  /** The sum over k of (-1)^k (x - k)^n / (k! (n - k)!). */
  private static double belowMean(int n, double x) {
    double factor = 1;
    for (int i = 2; i <= n; i++) {
      factor /= i;
    }
    double sum = 0;
    for (int k = 0; k <= x; k++) {
      sum += factor * Math.pow(x - k, n);
      factor *= -(double) (n - k) / (k + 1);
    }
    return sum;
  }
}
