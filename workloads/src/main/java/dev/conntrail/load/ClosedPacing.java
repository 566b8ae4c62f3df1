package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A closed loop: a caller sends a request as soon as the one before it is answered. */
final class ClosedPacing implements Pacing {
  private static final long RETRY_MS = 50;

  private final PhaseClock clock;
  private final Supplier<Phase> phase;
  private final Tally tally;
  private final CountDownLatch stop;
  private final ScheduledExecutorService timer;
  private final List<ClosedWorker> workers = new ArrayList<>();

  /**
   * One without callers yet.
   *
   * @param phase where the run is now
   */
  ClosedPacing(
      PhaseClock clock,
      Supplier<Phase> phase,
      Tally tally,
      CountDownLatch stop,
      ScheduledExecutorService timer) {
    this.clock = clock;
    this.phase = phase;
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
  boolean sends() {
    return phase.get().sends();
  }

  /** A caller whose request failed tries again after a while, so that it does not spin. */
  void later(Runnable action) {
    if (sends()) {
      timer.schedule(action, RETRY_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Callers that are answered go on by themselves; those that rested meanwhile begin again. */
  @Override
  public boolean pace(Phase now) throws InterruptedException {
    if (now.sends()) {
      workers.forEach(ClosedWorker::fire);
    }
    return stop.await(clock.timeline().endNs(now) - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
