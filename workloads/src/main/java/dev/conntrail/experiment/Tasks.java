package dev.conntrail.experiment;

import dev.conntrail.testbed.TestbedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work of events that goes on side by side; what is under way is interrupted when it is closed. */
final class Tasks implements AutoCloseable {
  /** A piece of it. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    void run() throws InterruptedException;
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> started = new CopyOnWriteArrayList<>();

  /** Does two things side by side; returns when both are done. */
  static void together(Work one, Work other) throws InterruptedException {
    try (Tasks both = new Tasks()) {
      both.start(one);
      both.start(other);
      both.await();
    }
  }

  /** Begins a piece. */
  void start(Work work) {
    started.add(
        threads.submit(() -> {
          work.run();
          return null;
        }));
  }

  /**
   * Looks whether a piece has failed already.
   *
   * @throws TestbedException if one has
   */
  void check() throws InterruptedException {
    for (Future<?> one : started) {
      if (one.isDone()) {
        await(one);
      }
    }
  }

  /**
   * Interrupts what is under way, and waits until it is over.
   *
   * @throws TestbedException if a piece had failed
   */
  void end() {
    try {
      check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while what goes on beside was ended", e);
    } finally {
      close();
      started.clear();
    }
  }

  /** Interrupts what is under way. */
  void interrupt() {
    threads.shutdownNow();
  }

  /**
   * Waits until all that was begun is over.
   *
   * @throws TestbedException if a piece failed
   */
  void await() throws InterruptedException {
    for (Future<?> one : started) {
      await(one);
    }
  }

  private static void await(Future<?> one) throws InterruptedException {
    try {
      one.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case TestbedException t -> throw t;
        case InterruptedException i -> throw i;
        default -> throw new TestbedException("an event failed: " + e.getCause(), e.getCause());
      }
    }
  }

  /**
   * Lets all that was begun come to its end.
   *
   * @throws TestbedException if a piece failed
   */
  void finish() {
    threads.close();
    try {
      await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    interrupt();
    threads.close();
  }
}
