package dev.conntrail.analysis.chance;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a test could find, in the three figures that a verdict needs.
 *
 * @param pods how many
 * @param level of the test, two-sided
 * @param powerAtTwice probability to find one pod that draws twice its share
 * @param smallestShare the share of one pod that is found with {@link #PROBABILITY}; none if not
 *     even a pod that draws all is
 * @param connectionsForFifth connections it takes to find, with {@link #PROBABILITY}, one pod that
 *     draws a fifth more than its share
 */
public record Sensitivity(
    int pods,
    double level,
    double powerAtTwice,
    Optional<Double> smallestShare,
    OptionalLong connectionsForFifth) {
  /** What "would have found" means. */
  public static final double PROBABILITY = 0.9;

  private static final double A_FIFTH_MORE = 1.2;

  /**
   * Works it out.
   *
   * @param connections of all repetitions
   * @param pods at least 2
   * @param level of one test: the family's over the number of its tests
   */
  public static Sensitivity of(long connections, int pods, double level) {
    Power power = new Power(connections, pods, level);
    return new Sensitivity(
        pods,
        level,
        power.againstTwice(),
        power.smallestShareFound(PROBABILITY),
        connectionsForFifth(pods, level));
  }

  /**
   * How many connections it takes to find, with {@link #PROBABILITY}, one pod that draws a fifth
   * more than its share.
   *
   * @param pods at least 2
   * @param level of one test
   */
  public static OptionalLong connectionsForFifth(int pods, double level) {
    return Power.connectionsNeeded(pods, new OnePod(A_FIFTH_MORE / pods), level, PROBABILITY);
  }

  /** The smallest share that is found, over the fair one; not a number if none is. */
  public double timesFair() {
    return smallestShare.orElse(Double.NaN) / fairShare();
  }

  /** What a fair pod draws. */
  public double fairShare() {
    return 1.0 / pods;
  }
}
