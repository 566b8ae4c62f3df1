package dev.conntrail.analysis.theory;

/**
 * A pool that takes the first connection that is free, oldest first, and opens another if none is:
 * an ordered hunt, as OkHttp's pool of HTTP/1.1 connections. Requests arrive at random (Poisson)
 * and take times of any distribution: the first k connections are a loss system, so each one's
 * share follows from Erlang's formula (Erlang 1917; Cooper, Introduction to Queueing Theory, 3.3).
 *
 * @param offered mean number of requests that are under way, above 0
 */
public record Hunt(double offered) {
  /** Checks. */
  public Hunt {
    if (!(offered > 0 && Double.isFinite(offered))) {
      throw new IllegalArgumentException("load: found " + offered + "; allowed: above 0");
    }
  }

  /** Erlang's B: the share of requests that find all of so many connections taken. */
  public double allTaken(int connections) {
    double taken = 1;
    for (int k = 1; k <= connections; k++) {
      taken = offered * taken / (k + offered * taken);
    }
    return taken;
  }

  /**
   * How much of its time a connection is in use.
   *
   * @param connection in order of age, from 1 on
   */
  public double usedOf(int connection) {
    return offered * (allTaken(connection - 1) - allTaken(connection));
  }

  /** A connection's share of all requests. */
  public double shareOf(int connection) {
    return usedOf(connection) / offered;
  }
}
