package dev.conntrail.load.loop;

import dev.conntrail.load.Phase;
import dev.conntrail.load.PhaseClock;
import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.load.schedule.FireTimes;
import dev.conntrail.load.schedule.Gap;
import dev.conntrail.spec.LoadPlan;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** When the callers of one thread send: as the schedule has it, or each when it was answered. */
final class LoopPacing {
  private static final long RETRY_NS = 50_000_000;
  private static final int AT_A_TIME = 64;

  private record Retry(LoopCaller caller, long atNs) {}

  private final LoadPlan plan;
  private final PhaseClock clock;
  private final List<LoopCaller> callers;
  private final int number;
  private final int of;
  private final FireTimes schedule;
  private final Gap idle;
  private final Queue<Retry> retries = new ArrayDeque<>();
  private boolean sending;
  private long next;
  private long nextNs = Long.MAX_VALUE;

  LoopPacing(LoadPlan plan, PhaseClock clock, List<LoopCaller> callers, int number, int of) {
    this.plan = plan;
    this.clock = clock;
    this.callers = callers;
    this.number = number;
    this.of = of;
    this.schedule =
        plan.open() ? new ConstantRate(plan.requestsPerSecond(), plan.callers().count()) : null;
    this.idle = new Gap(plan.phases().warmup().toNanos(), plan.phases().idle().toNanos());
  }

  /** Whether a closed loop sends now. */
  boolean sending() {
    return sending;
  }

  /** When the {@code k}-th request of a caller is due. */
  long dueNs(int caller, long k) {
    return dueNs(schedule.dueNs(caller, k));
  }

  private long dueNs(long afterNs) {
    return clock.timeline().startNs() + idle.after(afterNs);
  }

  /** Another phase begins. A thread that is late may miss one, and no request for that. */
  void phase(Phase phase) {
    sending = phase.sends();
    if (plan.open() && nextNs == Long.MAX_VALUE) {
      next = -1;
      advance();
    } else if (!plan.open() && sending) {
      callers.forEach(LoopCaller::fire);
    }
  }

  /** Whether requests were due that nobody has been told of, for the thread is late. */
  boolean behind() {
    return nextNs != Long.MAX_VALUE && nextNs - clock.timeline().measureEndNs() < 0;
  }

  /** The next request of the schedule that is one of this thread's. */
  private void advance() {
    do {
      next++;
    } while (schedule.callerOf(next) % of != number);
    nextNs = dueNs(schedule.dueNs(next));
  }

  /** A caller of a closed loop whose request failed tries again after a while: it does not spin. */
  void again(LoopCaller caller, long nowNs) {
    retries.add(new Retry(caller, nowNs + RETRY_NS));
  }

  /** Sends what is due; when the next is, or {@link Long#MAX_VALUE}. */
  long turn(long nowNs) {
    long retryNs = retry(nowNs);
    if (nextNs == Long.MAX_VALUE) {
      return retryNs;
    }
    for (int n = 0; n < AT_A_TIME && nextNs - nowNs <= 0 && behind(); n++) {
      int caller = schedule.callerOf(next);
      if (nextNs - clock.birthNs(caller) >= 0) {
        LoopCaller one = callers.get(caller / of);
        one.due(clock.measures(nextNs));
        one.fire(next / plan.callers().count());
      }
      advance();
    }
    return behind() ? Math.min(retryNs, nextNs) : retryNs;
  }

  private long retry(long nowNs) {
    while (!retries.isEmpty()) {
      if (retries.peek().atNs() - nowNs > 0) {
        return retries.peek().atNs();
      }
      retries.remove().caller().fire();
    }
    return Long.MAX_VALUE;
  }
}
