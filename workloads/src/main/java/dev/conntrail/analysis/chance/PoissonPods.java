package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * A fair draw as independent pods: let every pod get a Poisson number of connections; given that
 * they add up to n, the counts are a fair draw of n (Feller, An Introduction to Probability Theory,
 * vol. 1; Holst, Ann. Probab. 7, 1979). So the generating function of such a draw is that of one
 * pod to the power of pods, of which the coefficient of z^n is taken, by a Fourier sum over points
 * of the unit circle.
 */
final class PoissonPods {
  /** What is left out, by its share of the whole: below the rounding of sums. */
  private static final double NEGLIGIBLE = 1e-17;

  final int pods;

  /** The lowest count of a pod that matters. */
  final int first;

  /** Probabilities of that count and those after it, for one pod. */
  final double[] weights;

  /** Numbers of connections in all that are asked for. */
  final int[] totals;

  /** The probability of each. */
  final double[] totalWeights;

  /**
   * Points on the circle of z: so many that other sums fold onto a total with less than {@link
   * #NEGLIGIBLE} of its probability.
   */
  final int points;

  /**
   * Takes draws apart.
   *
   * @param mean connections of a pod, above 0: any will do, one near that of the totals keeps
   *     errors small
   * @param totals connections in all
   */
  PoissonPods(int pods, double mean, int... totals) {
    this.pods = pods;
    this.totals = totals.clone();
    PoissonDistribution sum = PoissonDistribution.of(mean * pods);
    this.totalWeights = Arrays.stream(totals).mapToDouble(sum::probability).toArray();
    PoissonDistribution one = PoissonDistribution.of(mean);
    double least = NEGLIGIBLE * Arrays.stream(totalWeights).min().orElseThrow() / pods;
    int most = Arrays.stream(totals).max().orElseThrow();
    int from = (int) mean;
    while (from > 0 && one.probability(from - 1) > least) {
      from--;
    }
    int to = (int) mean;
    while (to < most && one.probability(to + 1) > least) {
      to++;
    }
    this.first = from;
    this.weights = IntStream.rangeClosed(from, to).mapToDouble(one::probability).toArray();
    this.points = points(sum, totals);
  }

  private static int points(PoissonDistribution sum, int[] totals) {
    int points = 1;
    for (int total : totals) {
      double negligible = NEGLIGIBLE * sum.probability(total);
      while (sum.probability(total + points) > negligible
          || (points <= total && sum.probability(total - points) > negligible)) {
        points++;
      }
    }
    return points;
  }
}
