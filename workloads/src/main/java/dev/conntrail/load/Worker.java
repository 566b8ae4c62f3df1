package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Reply;
import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One caller's requests, one outstanding at a time. In an open loop the pacer calls {@link #fire}
 * when a request is due; one that comes while another is outstanding waits here and keeps its due
 * time, which its latency counts from.
 */
final class Worker implements Reply {
  private final LoadRun run;
  private final Caller caller;
  private final int index;
  private final ConstantRate schedule;
  private final AtomicInteger pending = new AtomicInteger();
  private long sequence;
  private long dueNs;
  private long sentNs;
  private boolean measured;

  /**
   * Creates a worker.
   *
   * @param schedule when requests are due; null for a closed loop
   */
  Worker(LoadRun run, Caller caller, int index, ConstantRate schedule) {
    this.run = run;
    this.caller = caller;
    this.index = index;
    this.schedule = schedule;
  }

  Caller caller() {
    return caller;
  }

  int outstanding() {
    return pending.get();
  }

  /** A request is due. */
  void fire() {
    if (pending.getAndIncrement() == 0) {
      sendNext();
    }
  }

  /**
   * Only one thread at a time gets here: pending went from 0 to 1, or the reply before has come.
   */
  private void sendNext() {
    sentNs = System.nanoTime();
    dueNs = schedule == null ? sentNs : run.startNs() + schedule.dueNs(index, sequence);
    sequence++;
    measured = run.measures(dueNs);
    caller.send(this);
  }

  @Override
  public void arrived(LedgerEntry connection, String line) {
    long now = System.nanoTime();
    try {
      connection.replied(EchoLine.parse(line), measured);
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
    run.failed(why, measured);
    done(false);
  }

  private void done(boolean well) {
    if (schedule == null) {
      if (!run.sending()) {
        pending.set(0);
      } else if (well) {
        sendNext();
      } else {
        run.later(this::retry);
      }
    } else if (pending.decrementAndGet() > 0) {
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
