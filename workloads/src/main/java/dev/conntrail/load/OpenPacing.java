package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.load.schedule.FireTimes;
import dev.conntrail.load.schedule.Gap;
import dev.conntrail.spec.LoadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An open loop: each request is due at an instant of the schedule, answered or not. */
final class OpenPacing implements Pacing {
  /** The last part of a sleep is parked, which wakes closer to its time than a latch does. */
  private static final long PARKED_NS = 20_000_000;

  private final LoadPlan plan;
  private final PhaseClock clock;
  private final Tally tally;
  private final CountDownLatch stop;
  private final FireTimes schedule;
  private final Gap idle;
  private final List<OpenWorker> workers = new ArrayList<>();

  OpenPacing(LoadPlan plan, PhaseClock clock, Tally tally, CountDownLatch stop) {
    this.plan = plan;
    this.clock = clock;
    this.tally = tally;
    this.stop = stop;
    this.schedule = new ConstantRate(plan.requestsPerSecond(), plan.callers().count());
    this.idle = new Gap(plan.phases().warmup().toNanos(), plan.phases().idle().toNanos());
  }

  @Override
  public void enlist(Caller caller) {
    workers.add(new OpenWorker(this, clock, tally, caller, workers.size()));
  }

  @Override
  public List<OpenWorker> workers() {
    return workers;
  }

  /** When the {@code k}-th request of a caller is due. */
  long dueNs(int caller, long k) {
    return dueNs(schedule.dueNs(caller, k));
  }

  private long dueNs(long afterNs) {
    return clock.timeline().startNs() + idle.after(afterNs);
  }

  @Override
  public boolean pace() throws InterruptedException {
    long endNs = clock.timeline().measureEndNs();
    for (long i = 0; ; i++) {
      long dueNs = dueNs(schedule.dueNs(i));
      if (dueNs - endNs >= 0) {
        sleepUntil(endNs);
        return stopped();
      }
      sleepUntil(dueNs);
      if (stopped()) {
        return true;
      }
      int caller = schedule.callerOf(i);
      if (dueNs - clock.birthNs(caller) >= 0) {
        tally.due(clock.measures(dueNs));
        workers.get(caller).fire(i / plan.callers().count());
      }
    }
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  /** Until then, or until told to stop. */
  private void sleepUntil(long ns) throws InterruptedException {
    for (long left = ns - System.nanoTime(); left > 0; left = ns - System.nanoTime()) {
      if (left < PARKED_NS) {
        LockSupport.parkNanos(left);
      } else if (stop.await(left - PARKED_NS / 2, TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }
}
