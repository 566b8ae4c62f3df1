package dev.conntrail.analysis.theory;

/**
 * A Service that gets more pods while connections are open: old connections stay where they are,
 * and each that is opened anew draws from all pods.
 *
 * @param from pods before, at least 1
 * @param to pods after, more
 */
public record ScaleOut(int from, int to) {
  /** Checks. */
  public ScaleOut {
    if (from < 1 || to <= from) {
      throw new IllegalArgumentException(
          "scale-out: found from %d to %d pods; allowed: from 1 or more to more"
              .formatted(from, to));
    }
  }

  /** The share of all connections that is fair for the new pods together. */
  public double fairShare() {
    return (double) (to - from) / to;
  }

  /**
   * The share of all connections that the new pods are expected to have together.
   *
   * @param seconds after the new pods came
   */
  public double shareOfNew(Renewal renewal, double seconds) {
    return fairShare() * renewal.renewedBy(seconds);
  }

  /**
   * An old pod over the mean of all pods, in connections, as is expected: from {@code to / from}
   * down to 1.
   */
  public double oldOverMean(Renewal renewal, double seconds) {
    double renewed = renewal.renewedBy(seconds);
    return (1 - renewed) * to / from + renewed;
  }
}
