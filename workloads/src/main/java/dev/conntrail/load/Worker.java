package dev.conntrail.load;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Replies;
import java.io.IOException;

/** One caller's requests, one outstanding at a time. Each ends once: answered, failed, given up. */
abstract sealed class Worker implements Reply permits OpenWorker, ClosedWorker {
  /** How many replies of a caller are recorded together: what all record into is taken once. */
  private static final int TOGETHER = 32;

  private final PhaseClock clock;
  private final Tally tally;
  private final Answers answers;
  private final Caller caller;
  private final int index;
  private final Pending pending = new Pending();
  private boolean connecting;
  private long ended;
  private long dueNs;
  private long sentNs;
  private int measured;
  private Replies.OfPod pod;

  Worker(PhaseClock clock, Tally tally, Caller caller, int index) {
    this.clock = clock;
    this.tally = tally;
    this.answers = new Answers(tally, TOGETHER);
    this.caller = caller;
    this.index = index;
  }

  final PhaseClock clock() {
    return clock;
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
   * @param sentNs when it was sent, if it was
   */
  abstract long dueNs(int ahead, long sentNs);

  /**
   * A request has ended, or the connection is there: sends the next, if it is time. The thread that
   * gets here has the say, and gives it back.
   *
   * @param well whether it was answered
   */
  abstract void next(boolean well);

  /** Whoever brings up the connection holds back requests until it is there. */
  final void connecting() {
    connecting = true;
    pending.add();
  }

  /** Brings up the connection; blocks, and fails where there is none, or who listens is no echo. */
  final void connect() {
    long begunNs = System.nanoTime();
    try {
      caller.connect(this::replied);
    } catch (IllegalArgumentException e) {
      noConnection(new IOException(e.getMessage(), e), begunNs);
    } catch (Exception e) {
      noConnection(e, begunNs);
    }
  }

  private void noConnection(Exception why, long begunNs) {
    tally.connectFailed(why, begunNs, clock.measures(begunNs));
  }

  /** The connection is there, or cannot be had. */
  final void connected() {
    if (pending.ended()) {
      connecting = false;
      next(true);
    }
  }

  /**
   * Notes of a request that it is being sent.
   *
   * @param paced whether it was due at an instant and found its caller free then
   */
  final void stamp(boolean paced) {
    sentNs = System.nanoTime();
    dueNs = dueNs(0, sentNs);
    measured = clock.measured(dueNs);
    if (paced) {
      synchronized (answers) {
        answers.paced(measured, sentNs - dueNs);
      }
    }
  }

  final void send() {
    caller.send(this);
  }

  @Override
  public final void replied(int status) {
    synchronized (answers) {
      answers.replied(status);
    }
  }

  @Override
  public final void arrived(LedgerEntry connection, String line) {
    long now = System.nanoTime();
    if (!pending.ended()) {
      return;
    }
    try {
      EchoLine echo = EchoLine.parse(line);
      connection.replied(echo, measured, sentNs, now);
      synchronized (answers) {
        answers.add(counters(echo.pod()), measured, dueNs, sentNs, now);
      }
    } catch (IllegalArgumentException e) {
      failedNow(new IOException(e.getMessage(), e));
      return;
    } catch (RuntimeException e) {
      failedNow(e);
      return;
    }
    counted(true);
  }

  @Override
  public final void failed(Throwable why) {
    if (pending.ended()) {
      failedNow(why);
    }
  }

  private void failedNow(Throwable why) {
    tally.failed(why, dueNs, measured == 1);
    counted(false);
  }

  /** Records what is noted of its replies. */
  final void record() {
    synchronized (answers) {
      answers.record();
    }
  }

  /** A caller mostly meets the pod again that it met before. */
  private Replies.OfPod counters(String name) {
    if (pod == null || !pod.name().equals(name)) {
      pod = tally.replies().of(name);
    }
    return pod;
  }

  private void counted(boolean well) {
    ended++;
    next(well);
  }

  /** Gives up the requests that have not ended, those too that were due and not sent. */
  final void giveUp() {
    int left = pending.giveUp() - (connecting ? 1 : 0);
    long now = System.nanoTime();
    for (int i = 0; i < left; i++) {
      long due = dueNs(i, dueNs);
      tally.gaveUp(due, now, clock.measures(due));
    }
  }
}
