package dev.conntrail.load;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is counted and timed of requests. Where several threads share it, what is not synchronized
 * is for who holds its lock: what each request has of that comes in by {@link Answers}.
 *
 * <p>Whether a request is measured is 1 or 0 here where one is due, paced or answered, and picks
 * what it is recorded in; no branch depends on it. A branch that went one way all through the
 * warm-up is compiled without the other, and the first measured request would make that code void:
 * the measure phase began with a second in which the client was slow.
 */
public final class Tally {
  /** Of statuses of HTTP: 0 is none of them. */
  private static final int CLASSES = 10;

  private static final int OF_CLASS = 100;

  private final Measurements rehearsed;
  private final Measurements real;
  private final Measurements[] parts;
  private final ErrorCounts errors = new ErrorCounts();
  private final long[] statuses = new long[CLASSES];
  private long connectsFailed;
  private long carried;
  private long unfinished;
  private long retried;
  private volatile Replies replies;

  /**
   * A tally.
   *
   * @param open whether requests are due at a rate: only then can they be sent late
   */
  public Tally(boolean open) {
    this.rehearsed = new Measurements(open);
    this.real = new Measurements(open);
    this.parts = new Measurements[] {rehearsed, real};
  }

  /** The first phase has begun, and this is where replies are counted by pod. */
  public synchronized void begin(Replies counters, long nowMs) {
    rehearsed.begin(counters.another(), nowMs);
    real.begin(counters, nowMs);
    replies = counters;
  }

  /** Ends an interval of what is timed, and starts the next; for one thread. */
  public void cut(long nowMs) {
    cut(real.recording(), nowMs);
  }

  /** Does in the warm-up what {@link #cut} does, for nobody. */
  public void rehearseCut(long nowMs) {
    cut(rehearsed.recording(), nowMs);
    rehearsed.recording().forget();
  }

  private void cut(Recording recording, long nowMs) {
    synchronized (this) {
      recording.exchange();
    }
    recording.keep(nowMs);
  }

  /** What was timed, cut into intervals. */
  public List<Recording.Interval> intervals() {
    return real.recording().intervals();
  }

  /** Where replies are counted by pod; not to be asked before the first phase. */
  public Replies replies() {
    return replies;
  }

  /** A reply of this status of HTTP came, in any phase, that of a first exchange too. */
  public void replied(int status) {
    statuses[Math.clamp(status / OF_CLASS, 0, CLASSES - 1)]++;
  }

  /** A request of the schedule is due then; one thread has them all. */
  public void due(int measured, long dueNs) {
    parts[measured].due(dueNs);
  }

  /** A connection was made in that time. */
  public synchronized void connected(long tookNs) {
    real.recording().record(Metric.CONNECT, tookNs);
  }

  /** A request is sent so late that had nothing to wait for. */
  public void paced(int measured, long lagNs) {
    parts[measured].paced(lagNs);
  }

  /** A request was answered. */
  public void answered(int measured, long dueNs, long sentNs, long nowNs) {
    parts[measured].answered(dueNs, sentNs, nowNs);
  }

  /** A request failed that was due then. */
  public synchronized void failed(Throwable why, long dueNs, boolean measured) {
    long now = System.nanoTime();
    noted(why, now - dueNs, measured);
    replies.failed(now);
    if (measured) {
      real.failed(dueNs, now);
    }
  }

  /** A library sends a request again; those before the first phase are in the sum alone. */
  public synchronized void retried() {
    retried++;
    Replies begun = replies;
    if (begun != null) {
      begun.retried(System.nanoTime());
    }
  }

  /** A connection could not be made; the attempt began then. */
  public synchronized void connectFailed(Throwable why, long begunNs, boolean measured) {
    connectsFailed++;
    noted(why, System.nanoTime() - begunNs, measured);
  }

  /** The measure phase begins, and so many requests that were due before are not sent. */
  public synchronized void carried(long count) {
    carried += count;
  }

  private void noted(Throwable why, long tookNs, boolean measured) {
    errors.add(why);
    if (measured) {
      real.recording().error();
      real.recording().record(Metric.FAILURE, tookNs);
    }
  }

  /** A request that was due then had not ended when the drain did. */
  public synchronized void gaveUp(long dueNs, long nowNs, boolean measured) {
    unfinished++;
    if (measured) {
      real.gaveUp(dueNs, nowNs);
    }
  }

  /** The counts. */
  public synchronized LoadOutcome.Requests requests() {
    Map<Integer, Long> byClass = new TreeMap<>();
    for (int i = 0; i < CLASSES; i++) {
      if (statuses[i] > 0) {
        byClass.put(i, statuses[i]);
      }
    }
    return new LoadOutcome.Requests(
        real.dueCount(),
        real.answeredCount(),
        real.failedCount(),
        real.unansweredCount(),
        carried,
        unfinished,
        retried,
        connectsFailed,
        errors.byKind(),
        byClass);
  }
}
