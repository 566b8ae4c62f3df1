package dev.conntrail.analysis.theory;

/**
 * Connections that began at about the same time, each of which is opened anew once its age is over
 * and it is to be used: a {@link Herd} at any time after its start, with ages that may be late.
 *
 * @param age at which they are given up
 * @param begunS when each began, seconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BegunTogether(MaximumAge age, double[] begunS) {
  /**
   * How far a life may be from the age that was drawn.
   *
   * @param sooner by such a part of it
   * @param later by such a part of it
   * @param lagS and by so many seconds more: until the connection is to be used
   */
  public record Slack(double sooner, double later, double lagS) {}

  /**
   * How many of them connect in a stretch of time on average, if each life is longer than its age
   * by the same.
   *
   * @param lagS by so much, seconds
   * @return a share of the connections; one that connects twice counts twice
   */
  public double expected(double fromS, double toS, double lagS) {
    return sum(toS, 0, (n, begun) -> within(n, fromS - begun - n * lagS, toS - begun - n * lagS));
  }

  /**
   * The least that it can be, however late each of them is.
   *
   * @param toS not longer after {@code fromS} than the shortest life: then none connects twice
   */
  public double atLeast(double fromS, double toS, Slack slack) {
    return share(
        toS,
        slack,
        (n, begun) ->
            within(
                n,
                (fromS - begun) / (1 - slack.sooner()),
                (toS - begun - n * slack.lagS()) / (1 + slack.later())));
  }

  /** The most that it can be, likewise. */
  public double atMost(double fromS, double toS, Slack slack) {
    return share(
        toS,
        slack,
        (n, begun) ->
            within(
                n,
                (fromS - begun - n * slack.lagS()) / (1 + slack.later()),
                (toS - begun) / (1 - slack.sooner())));
  }

  private interface Ends {
    double of(int n, double begunS);
  }

  /** Probability that the n-th of some lives in a row ends then. */
  private double within(int n, double fromS, double toS) {
    return Math.max(0, age.endedBy(n, toS) - age.endedBy(n, fromS));
  }

  private double share(double toS, Slack slack, Ends ends) {
    return Math.min(1, sum(toS, slack.sooner(), ends));
  }

  /** Over all and all their lives that can have ended by then. */
  private double sum(double toS, double sooner, Ends ends) {
    double shortestS = (1 - sooner) * age.spread().low() * age.seconds();
    double all = 0;
    for (double begun : begunS) {
      for (int n = 1; n * shortestS <= toS - begun; n++) {
        all += ends.of(n, begun);
      }
    }
    return all / begunS.length;
  }
}
