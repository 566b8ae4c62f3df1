package dev.conntrail.load.client;

import dev.conntrail.spec.Recycling;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** For how long, and how often, a client uses each of its connections. */
public final class Lifetimes {
  /** Each for as long as it lasts. */
  public static final Lifetimes ENDLESS =
      new Lifetimes(Optional.empty(), RandomGenerator.getDefault());

  private final Optional<Recycling> recycling;
  private final RandomGenerator random;

  /**
   * Those of a client.
   *
   * @param recycling what it gives up; empty for nothing
   * @param random draws ages
   */
  public Lifetimes(Optional<Recycling> recycling, RandomGenerator random) {
    this.recycling = recycling;
    this.random = random;
  }

  /** One begins now. */
  synchronized Life begin() {
    return new Life(
        System.nanoTime() + recycling.map(r -> r.ageNs(random)).orElse(Life.ENDLESS),
        recycling.flatMap(Recycling::maxRequests).orElse(Integer.MAX_VALUE));
  }

  /** That of a connection; for use by several threads. */
  static final class Life {
    private static final long ENDLESS = Long.MAX_VALUE / 2;

    private final long endNs;
    private long requestsLeft;

    private Life(long endNs, long requestsLeft) {
      this.endNs = endNs;
      this.requestsLeft = requestsLeft;
    }

    /** Whether it is to carry no more requests. */
    synchronized boolean over() {
      return requestsLeft <= 0 || System.nanoTime() - endNs >= 0;
    }

    /** A request is sent on it. */
    synchronized void use() {
      requestsLeft--;
    }
  }
}
