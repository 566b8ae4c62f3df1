package dev.conntrail.compare;

import dev.conntrail.record.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far one sample lies from another: the median of all differences between a value of one and a
 * value of the other (Hodges, Lehmann, Ann. Math. Stat. 34, 1963), with the interval that the exact
 * rank test gives.
 */
final class Shift {
  private final double[] differences;
  private final double[] below;

  private Shift(double[] differences, double[] below) {
    this.differences = differences;
    this.below = below;
  }

  /** From one sample to another, each of at least one value. */
  static Shift between(double[] from, double[] to) {
    double[] differences =
        Arrays.stream(from).flatMap(x -> Arrays.stream(to).map(y -> y - x)).sorted().toArray();
    return new Shift(differences, cumulative(from.length, to.length));
  }

  /** P(U &lt;= u) of samples without ties. */
  private static double[] cumulative(int n, int m) {
    double[] sums = RankTest.sums(IntStream.rangeClosed(1, n + m).toArray(), n);
    double[] u = Arrays.copyOfRange(sums, n * (n + 1) / 2, n * (n + 1) / 2 + n * m + 1);
    double all = Arrays.stream(u).sum();
    double sum = 0;
    for (int i = 0; i < u.length; i++) {
      sum += u[i] / all;
      u[i] = sum;
    }
    return u;
  }

  /** The median difference. */
  double estimate() {
    return Quantiles.median(differences);
  }

  /** The interval of a confidence of 1 - level; without bounds where there are too few values. */
  Interval interval(double level) {
    int outside = 0;
    while (outside < differences.length / 2 && 2 * below[outside] <= level) {
      outside++;
    }
    return outside == 0
        ? Interval.UNBOUNDED
        : new Interval(differences[outside - 1], differences[differences.length - outside]);
  }
}
