package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An open loop: each request is due at an instant of the schedule, answered or not. */
final class OpenPacing implements Pacing {
  /** The last part of a sleep is parked, which wakes closer to its time than a latch does. */
  private static final long PARKED_NS = 20_000_000;

  private final PhaseClock clock;
  private final Tally tally;
  private final CountDownLatch stop;
  private final List<OpenWorker> workers = new ArrayList<>();
  private long next;

  OpenPacing(PhaseClock clock, Tally tally, CountDownLatch stop) {
    this.clock = clock;
    this.tally = tally;
    this.stop = stop;
  }

  @Override
  public void enlist(Caller caller) {
    workers.add(new OpenWorker(clock, tally, caller, workers.size()));
  }

  @Override
  public List<OpenWorker> workers() {
    return workers;
  }

  @Override
  public boolean pace(Phase phase) throws InterruptedException {
    long endNs = clock.timeline().endNs(phase);
    for (; ; next++) {
      int caller = (int) (next % workers.size());
      long k = next / workers.size();
      long dueNs = clock.dueNs(caller, k);
      if (dueNs - endNs >= 0) {
        sleepUntil(endNs);
        return stopped();
      }
      sleepUntil(dueNs);
      if (stopped()) {
        return true;
      }
      if (dueNs - clock.birthNs(caller) >= 0) {
        tally.due(clock.measured(dueNs), dueNs);
        workers.get(caller).fire(k);
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
