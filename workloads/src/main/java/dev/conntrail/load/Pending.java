package dev.conntrail.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How many requests of a caller have not ended, and who may act on the first of them: one thread at
 * a time, so that each is sent once and its end is counted once, by a reply or by giving up.
 */
final class Pending {
  private static final int GIVEN_UP = Integer.MIN_VALUE / 2;

  /** Two for each request; one of them goes when it has ended, the other when that is counted. */
  private static final int REQUEST = 2;

  /** Longer than a count takes. */
  private static final long COUNTING_NS = 10_000;

  private final AtomicInteger state = new AtomicInteger();

  /** One more. If true it is the only one, and whoever added it sends it. */
  boolean add() {
    return state.getAndAdd(REQUEST) == 0;
  }

  /** If there is none: true, and whoever asked has the say, as if one had ended just now. */
  boolean begin() {
    return state.compareAndSet(0, 1);
  }

  /** The first has ended. If true, whoever says so has the say; else it was given up before. */
  boolean ended() {
    return state.decrementAndGet() > 0;
  }

  /** Its end is counted. If true others wait, and whoever says so sends the next. */
  boolean counted() {
    return state.decrementAndGet() > 0;
  }

  /** Its end is counted, and another takes its place at once, which whoever says so sends. */
  void again() {
    state.incrementAndGet();
  }

  /** How many there are, the one whose end is being counted too. */
  int count() {
    return Math.max(0, (state.get() + 1) / REQUEST);
  }

  /** Gives up all, and all that may still be added; how many there were. */
  int giveUp() {
    for (int now = state.get(); now >= 0; now = state.get()) {
      if (now % REQUEST != 0) {
        LockSupport.parkNanos(COUNTING_NS);
      } else if (state.compareAndSet(now, GIVEN_UP)) {
        return now / REQUEST;
      }
    }
    return 0;
  }
}
