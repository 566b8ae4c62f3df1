package dev.conntrail.analysis.chance;

import java.util.Arrays;

/** How many of some independent trials succeed, each with a probability of its own. */
public final class Successes {
  private final double[] exactly;

  /**
   * Exact, by adding one trial after the other.
   *
   * @param each probability, from 0 to 1
   */
  public Successes(double[] each) {
    exactly = new double[each.length + 1];
    exactly[0] = 1;
    for (int i = 0; i < each.length; i++) {
      for (int n = i + 1; n > 0; n--) {
        exactly[n] = exactly[n] * (1 - each[i]) + exactly[n - 1] * each[i];
      }
      exactly[0] *= 1 - each[i];
    }
  }

  /** Probability that it is just so many. */
  public double exactly(int n) {
    return exactly[n];
  }

  /** Probability that it is at most so many. */
  public double atMost(int n) {
    return Math.min(1, Arrays.stream(exactly, 0, n + 1).sum());
  }

  /** Probability that it is at least so many. */
  public double atLeast(int n) {
    return Math.min(1, Arrays.stream(exactly, n, exactly.length).sum());
  }
}
