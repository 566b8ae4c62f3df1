package dev.conntrail.compare;

import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The ratio that a comparison finds in 8 of 10 times, beforehand: for normal logarithms, with the
 * rank test's efficiency of 3/π (Lehmann, Nonparametrics, 1975, section 2.4).
 *
 * @param within standard deviation of repetitions of one run, of natural logarithms
 * @param noise what moves between runs
 * @param level of one test
 */
public record Detectable(double within, Noise noise, double level) {
  private static final double POWER = 0.8;
  private static final double EFFICIENCY = 3 / Math.PI;
  private static final int MOST = 1000;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Where the interval ends, and as far again as it takes to be found so often. */
  private double log(double varianceWithin) {
    double z = NORMAL.inverseSurvivalProbability(level / 2);
    double t = TDistribution.of(noise.df()).inverseSurvivalProbability(level / 2);
    double between = noise.ofDifference();
    return Math.sqrt(z * z * varianceWithin + t * t * between)
        + NORMAL.inverseCumulativeProbability(POWER) * Math.sqrt(varianceWithin + between);
  }

  /** With so many repetitions a side; infinite where the rank test can reject nothing. */
  public double ratio(int a, int b) {
    if (RankTest.least(a, b) > level) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.exp(log(within * within * (1.0 / a + 1.0 / b) / EFFICIENCY));
  }

  /** With so many blocks of both sides; infinite where sign flips can reject nothing. */
  public double ofBlocks(int blocks) {
    return SignFlips.least(blocks) > level
        ? Double.POSITIVE_INFINITY
        : Math.exp(log(2 * within * within / blocks / EFFICIENCY));
  }

  /** Repetitions a side that find a ratio; empty where what moves between runs hides it. */
  public OptionalInt repetitions(double ratio) {
    int fewest = 1;
    while (RankTest.least(fewest, fewest) > level) {
      fewest++;
    }
    int n = fewest;
    while (n <= MOST && log(2 * within * within / n / EFFICIENCY) > Math.log(ratio)) {
      n++;
    }
    return n <= MOST ? OptionalInt.of(n) : OptionalInt.empty();
  }
}
