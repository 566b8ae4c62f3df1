package dev.conntrail.compare;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The Wilcoxon-Mann-Whitney test of two samples, two-sided, exact: of all ways to deal the values
 * to two sides of these sizes, the share whose rank sum lies at least as far from its mean. Equal
 * values have their mean rank, so that the test holds its level with ties too (Lehmann,
 * Nonparametrics, 1975, section 1.4).
 */
final class RankTest {
  /** The most values of both sides together; the table of rank sums grows with its cube. */
  static final int MOST = 400;

  private RankTest() {}

  /**
   * The probability.
   *
   * @param a values of one side, at least one
   * @param b of the other
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  static double p(double[] a, double[] b) {
    if (a.length == 0 || b.length == 0 || a.length + b.length > MOST) {
      throw new IllegalArgumentException(
          "rank test: found %d and %d values; allowed: 1 or more a side, %d together"
              .formatted(a.length, b.length, MOST));
    }
    int[] ranks = doubledRanks(DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray());
    double[] sums = sums(ranks, a.length);
    int mean = a.length * (ranks.length + 1);
    int far = Math.abs(IntStream.of(ranks).limit(a.length).sum() - mean);
    double all = Arrays.stream(sums).sum();
    double asFar =
        IntStream.range(0, sums.length)
            .filter(s -> Math.abs(s - mean) >= far)
            .mapToDouble(s -> sums[s])
            .sum();
    return Math.min(1, asFar / all);
  }

  /** The least probability that samples of these sizes can have. */
  static double least(int n, int m) {
    double least = 2;
    for (int i = 1; i <= Math.min(n, m); i++) {
      least *= (double) i / (Math.max(n, m) + i);
    }
    return Math.min(1, least);
  }

  /** Twice the mean rank of each value, which is a whole number. */
  static int[] doubledRanks(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Arrays.stream(values)
        .mapToInt(v -> {
          int from = 0;
          while (sorted[from] < v) {
            from++;
          }
          int to = from;
          while (to < sorted.length && sorted[to] == v) {
            to++;
          }
          return from + 1 + to;
        })
        .toArray();
  }

  /** How many choices of so many ranks have which sum, as parts of all choices. */
  static double[] sums(int[] ranks, int chosen) {
    int most = IntStream.of(ranks).sum();
    double[][] ways = new double[chosen + 1][most + 1];
    ways[0][0] = 1;
    for (int i = 0; i < ranks.length; i++) {
      // halved at each step, so that no count leaves a double's range: only their ratios are used
      for (double[] row : ways) {
        Arrays.setAll(row, s -> row[s] / 2);
      }
      for (int n = Math.min(i + 1, chosen); n >= 1; n--) {
        for (int s = most; s >= ranks[i]; s--) {
          ways[n][s] += ways[n - 1][s - ranks[i]];
        }
      }
    }
    return ways[chosen];
  }
}
