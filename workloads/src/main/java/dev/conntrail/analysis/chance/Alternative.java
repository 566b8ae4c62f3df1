package dev.conntrail.analysis.chance;

/** What a fault makes of a fair draw. */
public sealed interface Alternative {
  /**
   * One pod draws a share of its own; the others draw alike.
   *
   * @param share of all connections, 0 to 1
   */
  record OnePod(double share) implements Alternative {
    /** Checks. */
    public OnePod {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("share: found " + share + "; allowed: 0 to 1");
      }
    }
  }

  /**
   * Some pods draw nothing; the others draw alike.
   *
   * @param pods how many draw nothing
   */
  record DeadPods(int pods) implements Alternative {}
}
