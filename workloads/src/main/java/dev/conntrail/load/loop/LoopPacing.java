package dev.conntrail.load.loop;

import dev.conntrail.load.Phase;
import dev.conntrail.load.PhaseClock;
import dev.conntrail.spec.LoadPlan;
import java.util.List;

/** When the callers of one thread send: as the schedule has it, or each when it was answered. */
final class LoopPacing {
  private static final long RETRY_NS = 50_000_000;

  /**
   * How long a body waits for the server's leave ({@code Expect: 100-continue}) before it is sent
   * without, for a server may know nothing of it and a client should not wait for ever (RFC 9110,
   * section 10.1.1): as long as curl does (CURLOPT_EXPECT_100_TIMEOUT_MS).
   */
  private static final long LEAVE_NS = 1_000_000_000;

  private static final int AT_A_TIME = 64;

  private final LoadPlan plan;
  private final PhaseClock clock;
  private final List<LoopCaller> callers;
  private final int number;
  private final int of;
  private final Delays retries = new Delays(RETRY_NS);
  private final Delays leaves = new Delays(LEAVE_NS);
  private int nextCaller;
  private long nextRound;
  private long nextNs = Long.MAX_VALUE;

  LoopPacing(LoadPlan plan, PhaseClock clock, List<LoopCaller> callers, int number, int of) {
    this.plan = plan;
    this.clock = clock;
    this.callers = callers;
    this.number = number;
    this.of = of;
  }

  /** Another phase begins. A thread that is late may miss one, and no request for that. */
  void phase(Phase phase) {
    if (phase == Phase.MEASURE) {
      callers.forEach(LoopCaller::carry);
    }
    if (plan.open() && nextNs == Long.MAX_VALUE) {
      nextCaller = number;
      nextNs = clock.dueNs(nextCaller, nextRound);
    } else if (!plan.open() && phase.sends()) {
      callers.forEach(LoopCaller::fire);
    }
  }

  /** Whether requests were due that nobody has been told of, for the thread is late. */
  boolean behind() {
    return nextNs != Long.MAX_VALUE && nextNs - clock.timeline().measureEndNs() < 0;
  }

  /** The next request of the schedule that is one of this thread's. */
  private void advance() {
    nextCaller += of;
    if (nextCaller >= plan.callers().count()) {
      nextCaller = number;
      nextRound++;
    }
    nextNs = clock.dueNs(nextCaller, nextRound);
  }

  /** A caller of a closed loop whose request failed tries again after a while: it does not spin. */
  void again(LoopCaller caller, long nowNs) {
    retries.add(caller::fire, nowNs);
  }

  /** A request is sent whose body waits for the server's leave; the time, by which it is told. */
  long withheld(LoopConnection connection) {
    long nowNs = System.nanoTime();
    leaves.add(() -> connection.insist(nowNs), nowNs);
    return nowNs;
  }

  /** Sends what has become due while other things were done, which may have been many. */
  void due(long nowNs) {
    if (nextNs != Long.MAX_VALUE && nextNs - nowNs <= 0) {
      turn(nowNs);
    }
  }

  /** Sends what is due; when the next is, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    long delayedNs = Math.min(retries.turn(nowNs), leaves.turn(nowNs));
    if (nextNs == Long.MAX_VALUE) {
      return delayedNs;
    }
    for (int n = 0; n < AT_A_TIME && nextNs - nowNs <= 0 && behind(); n++) {
      if (nextNs - clock.birthNs(nextCaller) >= 0) {
        LoopCaller one = callers.get(nextCaller / of);
        one.due(nextNs);
        one.fire(nextRound);
      }
      advance();
    }
    return behind() ? Math.min(delayedNs, nextNs) : delayedNs;
  }
}
