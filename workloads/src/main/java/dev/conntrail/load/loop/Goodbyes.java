package dev.conntrail.load.loop;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Connections that a thread has ended in good order, and whose peers have not yet. */
final class Goodbyes {
  private static final long PATIENCE_NS = 2_000_000_000;

  private final Set<LoopConnection> waiting = new HashSet<>();
  private long untilNs;

  /** One that waits for its peer. */
  void add(LoopConnection one) {
    waiting.add(one);
  }

  /** It is closed. */
  void remove(LoopConnection one) {
    waiting.remove(one);
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
