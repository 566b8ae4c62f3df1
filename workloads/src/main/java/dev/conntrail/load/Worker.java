package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;

/** One caller's requests, one outstanding at a time. Each ends once: answered, failed, given up. */
abstract sealed class Worker implements Reply permits OpenWorker, ClosedWorker {
  private final PhaseClock clock;
  private final Tally tally;
  private final Caller caller;
  private final int index;
  private final Pending pending = new Pending();
  private boolean connecting;
  private long ended;
  private long dueNs;
  private long sentNs;
  private boolean measured;

  Worker(PhaseClock clock, Tally tally, Caller caller, int index) {
    this.clock = clock;
    this.tally = tally;
    this.caller = caller;
    this.index = index;
  }

  final Caller caller() {
    return caller;
  }

  final int index() {
    return index;
  }

  final Pending pending() {
    return pending;
  }

  /** How many of its requests have ended. */
  final long ended() {
    return ended;
  }

  /**
   * When a request is due.
   *
   * @param ahead how many that have not ended come before it
   * @param nowNs the time now
   */
  abstract long dueNs(int ahead, long nowNs);

  /**
   * A request has ended, or the connection is there.
   *
   * @param waits whether another waits to be sent
   * @param well whether it was answered
   */
  abstract void next(boolean waits, boolean well);

  /** Whoever brings up the connection holds back requests until it is there. */
  final void connecting() {
    connecting = true;
    pending.add();
  }

  /** The connection is there, or cannot be had. */
  final void connected() {
    if (pending.ended()) {
      connecting = false;
      next(pending.counted(), true);
    }
  }

  /** Only the thread gets here that {@link Pending} let. */
  final void send() {
    sentNs = System.nanoTime();
    dueNs = dueNs(0, sentNs);
    measured = clock.measures(dueNs);
    caller.send(this);
  }

  @Override
  public final void arrived(LedgerEntry connection, String line) {
    long now = System.nanoTime();
    if (!pending.ended()) {
      return;
    }
    try {
      connection.replied(EchoLine.parse(line), measured, sentNs, now);
    } catch (RuntimeException e) {
      tally.failed(e, dueNs, measured);
      counted(false);
      return;
    }
    if (measured) {
      tally.answered(dueNs, sentNs, now);
    }
    counted(true);
  }

  @Override
  public final void failed(Throwable why) {
    if (pending.ended()) {
      tally.failed(why, dueNs, measured);
      counted(false);
    }
  }

  private void counted(boolean well) {
    ended++;
    next(pending.counted(), well);
  }

  /** Gives up the requests that have not ended, those too that were due and not sent. */
  final void giveUp() {
    int left = pending.giveUp() - (connecting ? 1 : 0);
    for (int i = 0; i < left; i++) {
      tally.gaveUp();
    }
  }
}
