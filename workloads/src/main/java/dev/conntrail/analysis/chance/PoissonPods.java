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
 *
 * @param pods how many
 * @param first the lowest count that matters
 * @param weights probabilities of that count and those after it, for one pod
 * @param totals numbers of connections in all that are asked for
 * @param totalWeights the probability of each
 * @param points on the circle of z: so many that other sums fold onto a total with less than {@link
 *     #NEGLIGIBLE} of its probability
 */
record PoissonPods(
    int pods, int first, double[] weights, int[] totals, double[] totalWeights, int points) {
  /** What is left out, by its share of the whole: below the rounding of sums. */
  private static final double NEGLIGIBLE = 1e-17;

  /**
   * Takes draws apart.
   *
   * @param mean connections of a pod, above 0: any will do, one near that of the totals keeps
   *     errors small
   * @param totals connections in all
   */
  static PoissonPods of(int pods, double mean, int... totals) {
    PoissonDistribution sum = PoissonDistribution.of(mean * pods);
    double[] totalWeights = Arrays.stream(totals).mapToDouble(sum::probability).toArray();
    PoissonDistribution one = PoissonDistribution.of(mean);
    double least = NEGLIGIBLE * Arrays.stream(totalWeights).min().orElseThrow() / pods;
    int peak = (int) mean;
    int first = peak;
    while (first > 0 && one.probability(first - 1) > least) {
      first--;
    }
    int most = Arrays.stream(totals).max().orElseThrow();
    int last = peak;
    while (last < most && one.probability(last + 1) > least) {
      last++;
    }
    double[] weights = IntStream.rangeClosed(first, last).mapToDouble(one::probability).toArray();
    return new PoissonPods(pods, first, weights, totals, totalWeights, points(sum, totals));
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
