package dev.conntrail.load.loop;

import java.util.ArrayDeque;
import java.util.Queue;

/** What is to be done a while from then, always the same while: in the order of asking. */
final class Delays {
  private record Delayed(Runnable action, long atNs) {}

  private final long ns;
  private final Queue<Delayed> waiting = new ArrayDeque<>();

  /** Of so many nanoseconds. */
  Delays(long ns) {
    this.ns = ns;
  }

  /** Asks for something, now. */
  void add(Runnable action, long nowNs) {
    waiting.add(new Delayed(action, nowNs + ns));
  }

  /** Does what is due; when the next is, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    while (!waiting.isEmpty()) {
      if (waiting.peek().atNs() - nowNs > 0) {
        return waiting.peek().atNs();
      }
      waiting.remove().action().run();
    }
    return Long.MAX_VALUE;
  }
}
