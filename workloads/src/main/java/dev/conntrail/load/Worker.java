package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One caller's requests, one outstanding at a time. In an open loop the pacer calls {@link #fire}
 * when a request is due; one that comes while another is outstanding waits here and keeps its due
 * time, which its latency counts from. So does one that comes before the caller is connected.
 */
final class Worker implements Reply {
  private final LoadRun run;
  private final Caller caller;
  private final int index;
  private final AtomicInteger pending = new AtomicInteger();
  private long sequence = -1;
  private long dueNs;
  private long sentNs;
  private boolean measured;

  Worker(LoadRun run, Caller caller, int index) {
    this.run = run;
    this.caller = caller;
    this.index = index;
  }

  Caller caller() {
    return caller;
  }

  int index() {
    return index;
  }

  int outstanding() {
    return pending.get();
  }

  /** Whoever brings up the connection holds back requests until it is there. */
  void connecting() {
    pending.incrementAndGet();
  }

  /** The connection is there, or cannot be had. */
  void connected() {
    if (run.open()) {
      next();
    } else {
      pending.set(0);
      fire();
    }
  }

  /** In an open loop: the caller's {@code k}-th request is due, from 0. */
  void fire(long k) {
    if (sequence < 0) {
      sequence = k;
    }
    if (pending.getAndIncrement() == 0) {
      sendNext();
    }
  }

  /** In a closed loop: begins, unless a request is outstanding. */
  void fire() {
    if (run.sending() && pending.compareAndSet(0, 1)) {
      sendNext();
    }
  }

  /**
   * Only one thread at a time gets here: pending went from 0 to 1, or the reply before has come.
   */
  private void sendNext() {
    sentNs = System.nanoTime();
    dueNs = run.open() ? run.dueNs(index, sequence) : sentNs;
    sequence++;
    measured = run.measures(dueNs);
    caller.send(this);
  }

  @Override
  public void arrived(LedgerEntry connection, String line) {
    long now = System.nanoTime();
    try {
      connection.replied(EchoLine.parse(line), measured, sentNs, now);
    } catch (RuntimeException e) {
      failed(e);
      return;
    }
    if (measured) {
      run.answered(dueNs, sentNs, now);
    }
    done(true);
  }

  @Override
  public void failed(Throwable why) {
    run.failed(why, dueNs, measured);
    done(false);
  }

  private void done(boolean well) {
    if (run.open()) {
      next();
    } else if (!run.sending()) {
      pending.set(0);
    } else if (well) {
      sendNext();
    } else {
      run.later(this::retry);
    }
  }

  /** What still waits when the drain is over is not sent: it would meet the next repetition. */
  private void next() {
    if (pending.decrementAndGet() > 0 && !run.over()) {
      sendNext();
    }
  }

  private void retry() {
    if (run.sending()) {
      sendNext();
    } else {
      pending.set(0);
    }
  }
}
