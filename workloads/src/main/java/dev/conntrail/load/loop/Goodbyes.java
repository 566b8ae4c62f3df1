package dev.conntrail.load.loop;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Connections that a thread has ended in good order, and whose peers have not yet. */
final class Goodbyes {
  private static final long PATIENCE_NS = 2_000_000_000;

  private final Set<Link> waiting = new HashSet<>();
  private final Delays ends = new Delays(PATIENCE_NS);
  private long untilNs;

  /**
   * One that waits for its peer.
   *
   * @param first whether the client ends its side before the peer does; else it does so only if the
   *     peer has not after a while, for a peer may wait for the same
   */
  void add(Link link, boolean first) {
    waiting.add(link);
    if (first) {
      link.endWrites();
    } else {
      ends.add(
          () -> {
            if (waiting.contains(link)) {
              link.endWrites();
            }
          },
          System.nanoTime());
    }
  }

  /** Ends what peers have not; when the next is, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    return ends.turn(nowNs);
  }

  /** It is closed. */
  void remove(Link link) {
    waiting.remove(link);
  }

  /** The run is over: ends all. */
  void begin(List<LoopCaller> callers) {
    for (LoopCaller caller : callers) {
      if (caller.connection() != null) {
        caller.connection().retire();
      }
    }
    untilNs = System.nanoTime() + PATIENCE_NS;
  }

  /** Whether to go on waiting for peers. */
  boolean lasts() {
    return !waiting.isEmpty() && System.nanoTime() - untilNs < 0;
  }
}
