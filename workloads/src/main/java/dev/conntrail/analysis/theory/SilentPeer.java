package dev.conntrail.analysis.theory;

/**
 * When a client notices that its pod has fallen silent: packets vanish, and nothing says so. A
 * client that sends nothing never does.
 */
public final class SilentPeer {
  /** How often Linux sends data again ({@code net.ipv4.tcp_retries2}), unless it is told. */
  public static final int USUAL_RETRIES = 15;

  private static final double RTO_MIN_S = 0.2;
  private static final double RTO_MAX_S = 120;

  /** From so many retries on they come every two minutes. */
  private static final int DOUBLES = (int) (Math.log(RTO_MAX_S / RTO_MIN_S) / Math.log(2));

  private SilentPeer() {}

  /**
   * How long data is sent again before its connection is given up, seconds, at least: more where
   * round trips take long ({@code tcp_model_timeout}, {@code net/ipv4/tcp_timer.c}).
   *
   * @param retries {@code net.ipv4.tcp_retries2}
   */
  public static double givesUpAfterS(int retries) {
    int doubled = Math.min(retries, DOUBLES);
    return ((2L << doubled) - 1) * RTO_MIN_S + (retries - doubled) * RTO_MAX_S;
  }

  /** The most retries after which a connection is given up in so many seconds; at least 1. */
  public static int retriesWithin(double seconds) {
    int retries = 1;
    while (retries < USUAL_RETRIES && givesUpAfterS(retries + 1) <= seconds) {
      retries++;
    }
    return retries;
  }

  /**
   * The longest interval of pings, each of which has to be answered before the next, with which a
   * client notices in time, seconds.
   */
  public static double pingsWithin(double seconds) {
    return seconds / 2;
  }
}
