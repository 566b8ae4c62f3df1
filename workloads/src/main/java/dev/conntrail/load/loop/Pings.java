package dev.conntrail.load.loop;

import dev.conntrail.load.client.KeepAlives;
import java.util.List;

/** Sends pings on all connections of a thread, and gives up those that are silent. */
final class Pings {
  private static final long SECOND_NS = 1_000_000_000;

  private final KeepAlives keepAlives;
  private final List<LoopCaller> callers;
  private long nextNs = Long.MAX_VALUE;

  Pings(KeepAlives keepAlives, List<LoopCaller> callers) {
    this.keepAlives = keepAlives;
    this.callers = callers;
  }

  private long everyNs() {
    return keepAlives.seconds() * SECOND_NS;
  }

  /** The first phase begins. */
  void begin(long nowNs) {
    if (keepAlives.pings()) {
      nextNs = nowNs + everyNs();
    }
  }

  /** Sends those that are due; when the next are, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    if (nowNs - nextNs >= 0 && nextNs != Long.MAX_VALUE) {
      nextNs += everyNs();
      for (LoopCaller caller : callers) {
        if (caller.connection() != null) {
          caller.connection().keepAlive(KeepAlives.PROBES * everyNs());
        }
      }
    }
    return nextNs;
  }
}
