package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A closed loop: a caller sends a request as soon as the one before it is answered. */
final class ClosedPacing implements Pacing {
  private static final long RETRY_MS = 50;

  private final LoadPlan plan;
  private final PhaseClock clock;
  private final Tally tally;
  private final CountDownLatch stop;
  private final ScheduledExecutorService timer;
  private final List<ClosedWorker> workers = new ArrayList<>();
  private volatile boolean sending = true;

  ClosedPacing(
      LoadPlan plan,
      PhaseClock clock,
      Tally tally,
      CountDownLatch stop,
      ScheduledExecutorService timer) {
    this.plan = plan;
    this.clock = clock;
    this.tally = tally;
    this.stop = stop;
    this.timer = timer;
  }

  @Override
  public void enlist(Caller caller) {
    workers.add(new ClosedWorker(this, clock, tally, caller, workers.size()));
  }

  @Override
  public List<ClosedWorker> workers() {
    return workers;
  }

  /** Whether requests are sent now. */
  boolean sending() {
    return sending;
  }

  /** A caller whose request failed tries again after a while, so that it does not spin. */
  void later(Runnable action) {
    if (sending) {
      timer.schedule(action, RETRY_MS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public boolean pace() throws InterruptedException {
    boolean early = waitForEnd();
    sending = false;
    return early;
  }

  private boolean waitForEnd() throws InterruptedException {
    if (plan.callers().opening() == Opening.AT_ONCE) {
      workers.forEach(ClosedWorker::fire);
      if (!plan.phases().idle().isZero()) {
        if (stop.await(plan.phases().warmup().toNanos(), TimeUnit.NANOSECONDS)) {
          return true;
        }
        sending = false;
        if (stoppedBefore(clock.timeline().measureStartNs())) {
          return true;
        }
        sending = true;
        workers.forEach(ClosedWorker::fire);
      }
    }
    return stoppedBefore(clock.timeline().measureEndNs());
  }

  private boolean stoppedBefore(long ns) throws InterruptedException {
    return stop.await(ns - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
