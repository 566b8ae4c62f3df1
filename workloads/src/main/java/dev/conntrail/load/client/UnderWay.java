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

  /** One that is under way until it is closed. */
  interface Call extends AutoCloseable {
    @Override
    void close();
  }

  /** One begins. */
  Call begin() {
    calls.increment();
    return calls::decrement;
  }

  /** One begins, on a virtual thread of its own. */
  void start(Runnable call) {
    Call begun = begin();
    Thread.ofVirtual()
        .start(() -> {
          try (begun) {
            call.run();
          }
        });
  }

  /** Waits until all have ended; not for ever, for a library may hang. */
  void await() {
    long untilNs = System.nanoTime() + PATIENCE_NS;
    while (calls.sum() > 0 && System.nanoTime() - untilNs < 0) {
      LockSupport.parkNanos(LOOK_NS);
    }
  }
}
