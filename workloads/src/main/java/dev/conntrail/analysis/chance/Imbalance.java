package dev.conntrail.analysis.chance;

import java.util.Arrays;

/** Measures of how uneven counts are; none of them is a test. */
public final class Imbalance {
  private Imbalance() {}

  /** Pods without any. */
  public static int idle(long[] counts) {
    return Math.toIntExact(Arrays.stream(counts).filter(c -> c == 0).count());
  }

  /**
   * Largest over mean count; 1 is perfectly even, k is all on one pod; not a number if all are 0.
   */
  public static double maxOverMean(long[] counts) {
    long n = Arrays.stream(counts).sum();
    return n == 0 ? Double.NaN : (double) Arrays.stream(counts).max().orElse(0) * counts.length / n;
  }

  /**
   * Jain's index, (sum x)^2 / (k sum x^2): 1 is perfectly even, 1/k is all on one pod (Jain, Chiu,
   * Hawe 1984); not a number if all are 0.
   */
  public static double jain(long[] counts) {
    double sum = Arrays.stream(counts).sum();
    double squares = Arrays.stream(counts).mapToDouble(c -> (double) c * c).sum();
    return squares == 0 ? Double.NaN : sum * sum / (counts.length * squares);
  }
}
