package dev.conntrail.testbed;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does what must not be left half done: clearing up. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /**
   * Does it in a thread of its own, which nobody interrupts, and waits for its end. If the caller
   * is or was interrupted, it still is afterwards.
   */
  public static void run(Runnable work) {
    FutureTask<Void> task = new FutureTask<>(work, null);
    Thread.ofPlatform().name("clearing up").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
