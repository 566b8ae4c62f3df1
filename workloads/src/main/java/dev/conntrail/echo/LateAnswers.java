package dev.conntrail.echo;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

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

  /** Says an answer when its time has come. */
  void say(Runnable answer) {
    say(answer, pace::dueNs);
  }

  /** Says what goes along with an answer and takes nothing by itself: its head, or its end. */
  void along(Runnable part) {
    say(part, pace::alongNs);
  }

  private void say(Runnable what, LongUnaryOperator due) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> say(what, due));
      return;
    }
    if (none()) {
      what.run();
      return;
    }
    boolean first = waiting.isEmpty();
    waiting.add(new Waiting(due.applyAsLong(System.nanoTime()), what));
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
