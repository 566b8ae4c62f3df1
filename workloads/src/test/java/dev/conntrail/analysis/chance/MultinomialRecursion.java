package dev.conntrail.analysis.chance;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The distribution of the number of pairs by a recursion over pods, of positive terms only: slow,
 * and what the Fourier sums are held against.
 */
final class MultinomialRecursion {
  private MultinomialRecursion() {}

  /** Probability of 0, 1, 2 ... pairs when n fall on k pods alike. */
  static double[] pairs(int n, int k) {
    double[][] ways = new double[n + 1][(int) Pairs.most(n) + 1];
    ways[0][0] = 1;
    for (int pod = 1; pod <= k; pod++) {
      double[][] next = new double[n + 1][(int) Pairs.most(n) + 1];
      for (int placed = 0; placed <= n; placed++) {
        // of those not on earlier pods, each falls on this one or on one of the later
        BinomialDistribution here = BinomialDistribution.of(n - placed, 1.0 / (k - pod + 1));
        for (int c = 0; c <= n - placed; c++) {
          double p = here.probability(c);
          int more = (int) Pairs.most(c);
          for (int t = 0; t + more < ways[placed].length; t++) {
            next[placed + c][t + more] += ways[placed][t] * p;
          }
        }
      }
      ways = next;
    }
    return ways[n];
  }

  /** The same for the sum over several draws. */
  static double[] repeated(double[] once, int repetitions) {
    double[] sum = {1};
    for (int r = 0; r < repetitions; r++) {
      double[] next = new double[sum.length + once.length - 1];
      for (int i = 0; i < sum.length; i++) {
        for (int j = 0; j < once.length; j++) {
          next[i + j] += sum[i] * once[j];
        }
      }
      sum = next;
    }
    return sum;
  }

  static double atLeast(double[] probabilities, long pairs) {
    return Arrays.stream(probabilities, (int) pairs, probabilities.length).sum();
  }
}
