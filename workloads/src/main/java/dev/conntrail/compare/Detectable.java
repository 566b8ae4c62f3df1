package dev.conntrail.compare;

import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.NormalDistribution;

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

  private double far() {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    return normal.inverseSurvivalProbability(level / 2)
        + normal.inverseCumulativeProbability(POWER);
  }

  /** With so many repetitions a side; infinite where the rank test can reject nothing. */
  public double ratio(int a, int b) {
    if (RankTest.least(a, b) > level) {
      return Double.POSITIVE_INFINITY;
    }
    double variance = within * within * (1.0 / a + 1.0 / b) / EFFICIENCY + noise.ofDifference();
    return Math.exp(far() * Math.sqrt(variance));
  }

  /** With so many blocks of both sides; infinite where sign flips can reject nothing. */
  public double ofBlocks(int blocks) {
    return SignFlips.least(blocks) > level
        ? Double.POSITIVE_INFINITY
        : Math.exp(far() * within * Math.sqrt(2.0 / blocks / EFFICIENCY));
  }

  /** Repetitions a side that find a ratio; empty where what moves between runs hides it. */
  public OptionalInt repetitions(double ratio) {
    double room = Math.pow(Math.log(ratio) / far(), 2) - noise.ofDifference();
    double needed = 2 * within * within / EFFICIENCY / room;
    int fewest = 1;
    while (RankTest.least(fewest, fewest) > level) {
      fewest++;
    }
    return room > 0 && needed <= MOST
        ? OptionalInt.of((int) Math.max(fewest, Math.ceil(needed)))
        : OptionalInt.empty();
  }
}
