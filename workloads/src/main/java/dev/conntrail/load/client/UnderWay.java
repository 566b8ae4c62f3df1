package dev.conntrail.load.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls of callers that block. What they open is in the ledger when none is under way any more, so
 * a client that ends cancels them and waits for them.
 */
final class UnderWay {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LongAdder calls = new LongAdder();

  /** Does something on a virtual thread of its own. */
  void start(Runnable call) {
    calls.increment();
    Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
          } finally {
            calls.decrement();
          }
        });
  }

  /** One begins on the thread that it is told of. */
  void begin() {
    calls.increment();
  }

  /** One that began has ended. */
  void end() {
    calls.decrement();
  }

  /** Waits until all have ended; not for ever, for a library may hang. */
  void await() {
    long untilNs = System.nanoTime() + PATIENCE_NS;
    while (calls.sum() > 0 && System.nanoTime() - untilNs < 0) {
      LockSupport.parkNanos(LOOK_NS);
    }
  }
}
