package dev.conntrail.load;

import dev.conntrail.spec.LoadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Brings up the connections of workers: all before the first phase, or each at its birth. */
final class ConnectionOpener {
  private final PhaseClock clock;
  private final ScheduledExecutorService timer;

  ConnectionOpener(PhaseClock clock, ScheduledExecutorService timer) {
    this.clock = clock;
    this.timer = timer;
  }

  /** Connects all, a few at a time; returns when each is connected, or cannot be. */
  void connectAll(List<? extends Worker> workers) throws InterruptedException {
    Semaphore slots = new Semaphore(LoadPlan.OPENED_AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      slots.acquire();
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                worker.connect();
                slots.release();
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Connects it when its time has come. */
  void connectAtItsBirth(Worker worker) {
    worker.connecting();
    timer.schedule(
        () ->
            Thread.ofVirtual()
                .start(() -> {
                  worker.connect();
                  worker.connected();
                }),
        clock.birthNs(worker.index()) - System.nanoTime(),
        TimeUnit.NANOSECONDS);
  }
}
