package dev.conntrail.compare;

import dev.conntrail.record.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The exact sign-flip test of paired differences: if nothing differs, each is as likely as its
 * negative. Its statistic is the sum of signed ranks, so that one wild block weighs no more than
 * the rank it has (Wilcoxon, Biometrics 1, 1945); all flips are counted, also where differences are
 * equal. What is exactly 0 is left out.
 */
final class SignFlips {
  private static final int HALVINGS = 50;

  private SignFlips() {}

  /** The least probability that so many differences can have. */
  static double least(int n) {
    return Math.min(1, 2 / Math.pow(2, n));
  }

  /** The two-sided probability; 1 of nothing. */
  static double p(double... differences) {
    double[] there = Arrays.stream(differences).filter(d -> d != 0).toArray();
    if (there.length == 0) {
      return 1;
    }
    int[] ranks = RankTest.doubledRanks(Arrays.stream(there).map(Math::abs).toArray());
    int total = IntStream.of(ranks).sum();
    int positive =
        IntStream.range(0, ranks.length).filter(i -> there[i] > 0).map(i -> ranks[i]).sum();
    int far = Math.abs(2 * positive - total);
    double[] chances = sums(ranks, total);
    return Math.min(
        1,
        IntStream.rangeClosed(0, total)
            .filter(s -> Math.abs(2 * s - total) >= far)
            .mapToDouble(s -> chances[s])
            .sum());
  }

  /** The chance of each sum of the ranks that are positive. */
  private static double[] sums(int[] ranks, int total) {
    double[] chances = new double[total + 1];
    chances[0] = 1;
    for (int rank : ranks) {
      for (int s = total; s >= 0; s--) {
        chances[s] = (chances[s] + (s >= rank ? chances[s - rank] : 0)) / 2;
      }
    }
    return chances;
  }

  /**
   * The shifts that the test does not reject, by turning it round; without bounds where no flips
   * could reject any.
   *
   * @param level of the test
   */
  static Interval interval(double level, double... differences) {
    if (differences.length == 0 || least(differences.length) > level) {
      return Interval.UNBOUNDED;
    }
    double middle = middle(differences);
    return new Interval(
        edge(level, differences, middle, Arrays.stream(differences).min().orElseThrow()),
        edge(level, differences, middle, Arrays.stream(differences).max().orElseThrow()));
  }

  /** The shift that the test accepts most of all: the median of means of two (Hodges, Lehmann). */
  static double middle(double... differences) {
    return Quantiles.median(
        IntStream.range(0, differences.length)
            .boxed()
            .flatMapToDouble(i ->
                IntStream.rangeClosed(0, i).mapToDouble(j -> (differences[i] + differences[j]) / 2))
            .toArray());
  }

  /** Where the test begins to reject on the way from what it accepts to the farthest value. */
  private static double edge(double level, double[] differences, double accepted, double far) {
    double in = accepted;
    double out = far;
    for (int i = 0; i < HALVINGS; i++) {
      double shift = (in + out) / 2;
      if (p(Arrays.stream(differences).map(d -> d - shift).toArray()) > level) {
        in = shift;
      } else {
        out = shift;
      }
    }
    return out;
  }
}
