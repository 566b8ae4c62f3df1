package dev.conntrail.analysis.chance;

/**
 * What a fault makes of a fair draw: one pod draws a share of its own; the others draw alike.
 *
 * @param share of all connections, 0 to 1
 */
public record OnePod(double share) {
  /** Checks. */
  public OnePod {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: found " + share + "; allowed: 0 to 1");
    }
  }
}
