package dev.conntrail.load.loop;

import dev.conntrail.load.PhaseClock;
import dev.conntrail.load.client.FirstExchange;
import dev.conntrail.record.Death;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.util.List;

/** Brings up the first connections of callers: all before the first phase, or each at its birth. */
final class LoopOpener {
  private static final FirstExchange FIRST = FirstExchange.USUAL;
  private static final long CHECK_NS = 1_000_000_000;

  private final List<LoopCaller> callers;
  private final PhaseClock clock;
  private final boolean spread;
  private final boolean needed;
  private final int atOnce;
  private int next;
  private int opened;
  private boolean begun;
  private long nextCheckNs = Long.MIN_VALUE;

  /** For the callers of one of so many threads. */
  LoopOpener(LoadPlan plan, PhaseClock clock, List<LoopCaller> callers, int threads) {
    this.atOnce = Math.max(1, LoadPlan.OPENED_AT_ONCE / threads);
    this.callers = callers;
    this.clock = clock;
    this.spread = plan.callers().opening() == Opening.SPREAD;
    this.needed = plan.callers().protocol().longLived();
  }

  /** Whether all is there that is opened before the first phase. */
  boolean done() {
    return spread || opened == callers.size();
  }

  /** The first phase begins. */
  void begin() {
    begun = true;
  }

  /** A connection is there, or cannot be had. */
  void opened() {
    opened++;
  }

  /** Opens what is to be opened now; when the next is, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    if (!needed) {
      for (; next < callers.size(); next++) {
        opened++;
        callers.get(next).free();
      }
      return Long.MAX_VALUE;
    }
    if (spread && !begun) {
      return Long.MAX_VALUE;
    }
    while (next < callers.size() && (spread || next - opened < atOnce)) {
      long birthNs = spread ? clock.birthNs(callers.get(next).index()) : nowNs;
      if (birthNs - nowNs > 0) {
        return birthNs;
      }
      callers.get(next++).open();
    }
    if (opened < next && nowNs >= nextCheckNs) {
      nextCheckNs = nowNs + CHECK_NS;
      giveUp(nowNs);
    }
    return Long.MAX_VALUE;
  }

  /** What takes too long for a {@link FirstExchange}. */
  private void giveUp(long nowNs) {
    for (LoopCaller caller : callers.subList(0, next)) {
      LoopConnection c = caller.connection();
      if (caller.trying() && c != null && nowNs - c.begunNs() > FIRST.patience().toNanos()) {
        c.lost(Link.none(caller.target(), FIRST.late(c.answerer().there())), Death.TIMED_OUT);
      }
    }
  }
}
