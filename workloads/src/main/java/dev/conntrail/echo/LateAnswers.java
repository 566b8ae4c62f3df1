package dev.conntrail.echo;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The answers of one connection, each as late as its pod is then. The delay may change at any time;
 * the order of answers stays: none overtakes one that came before it. Used by the connection's
 * event loop alone.
 */
final class LateAnswers {
  private record Waiting(long dueNs, Runnable answer) {}

  private final EventExecutor loop;
  private final Pace pace;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  LateAnswers(EventExecutor loop, Pace pace) {
    this.loop = loop;
    this.pace = pace;
  }

  /** Whether what is said now goes out at once. */
  boolean none() {
    return waiting.isEmpty() && pace.atOnce();
  }

  /** Says something when its time has come. */
  void say(Runnable answer) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> say(answer));
      return;
    }
    if (none()) {
      answer.run();
      return;
    }
    boolean first = waiting.isEmpty();
    waiting.add(new Waiting(pace.dueNs(System.nanoTime()), answer));
    if (first) {
      awaitFirst();
    }
  }

  private void awaitFirst() {
    loop.schedule(
        this::sayDue, waiting.getFirst().dueNs() - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void sayDue() {
    while (!waiting.isEmpty() && waiting.getFirst().dueNs() - System.nanoTime() <= 0) {
      waiting.getFirst().answer().run();
      waiting.removeFirst();
    }
    if (!waiting.isEmpty()) {
      awaitFirst();
    }
  }
}
