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
 */
public final class Tally {
  /** Of statuses of HTTP: 0 is none of them. */
  private static final int CLASSES = 10;

  private static final int OF_CLASS = 100;

  private final boolean open;
  private final Recording recording = new Recording();
  private final Map<String, Long> errors = new TreeMap<>();
  private final long[] statuses = new long[CLASSES];
  private long due;
  private long answered;
  private long dueFailed;
  private long dueUnanswered;
  private long unfinished;
  private long retried;
  private volatile Replies replies;

  /**
   * A tally.
   *
   * @param open whether requests are due at a rate: only then can they be sent late
   */
  public Tally(boolean open) {
    this.open = open;
  }

  /** The first phase has begun, and this is where replies are counted by pod. */
  public synchronized void begin(Replies counters, long nowMs) {
    recording.start(nowMs);
    replies = counters;
  }

  /** Ends an interval of what is timed, and starts the next; for one thread. */
  public void cut(long nowMs) {
    synchronized (this) {
      recording.exchange();
    }
    recording.keep(nowMs);
  }

  /** What was timed, cut into intervals. */
  public List<Recording.Interval> intervals() {
    return recording.intervals();
  }

  /** Where replies are counted by pod; not to be asked before the first phase. */
  public Replies replies() {
    return replies;
  }

  /** A reply of this status of HTTP came, in any phase, that of a first exchange too. */
  public void replied(int status) {
    statuses[Math.clamp(status / OF_CLASS, 0, CLASSES - 1)]++;
  }

  /** A measured request of the schedule is due then; one thread has them all. */
  public void due(long dueNs) {
    due++;
    replies.due(dueNs);
  }

  /** A connection was made in that time. */
  public synchronized void connected(long tookNs) {
    recording.record(Metric.CONNECT, tookNs);
  }

  /** A measured request is sent so late that had nothing to wait for. */
  public void paced(long lagNs) {
    recording.record(Metric.PACING_LAG, lagNs);
  }

  /** A measured request was answered. */
  public void answered(long dueNs, long sentNs, long nowNs) {
    answered++;
    ended(dueNs);
    recording.record(Metric.RESPONSE, nowNs - dueNs);
    replies.took(dueNs, nowNs - dueNs);
    recording.record(Metric.SERVICE, nowNs - sentNs);
    if (open) {
      recording.record(Metric.SEND_LAG, sentNs - dueNs);
    }
  }

  /** A request failed that was due then. */
  public synchronized void failed(Throwable why, long dueNs, boolean measured) {
    long now = System.nanoTime();
    noted(why, now - dueNs, measured);
    replies.failed(now);
    if (measured) {
      dueFailed++;
      ended(dueNs);
      replies.failed(dueNs, now - dueNs);
      recording.record(Metric.CENSORED, now - dueNs);
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
    noted(why, System.nanoTime() - begunNs, measured);
  }

  private void noted(Throwable why, long tookNs, boolean measured) {
    String message =
        why.getMessage() == null ? "" : ": " + why.getMessage().lines().findFirst().orElse("");
    errors.merge(why.getClass().getSimpleName() + message, 1L, Long::sum);
    if (measured) {
      recording.error();
      recording.record(Metric.FAILURE, tookNs);
    }
  }

  /** A request that was due then had not ended when the drain did. */
  public synchronized void gaveUp(long dueNs, long nowNs, boolean measured) {
    unfinished++;
    if (measured) {
      dueUnanswered++;
      ended(dueNs);
      replies.gaveUp(dueNs, nowNs - dueNs);
      recording.record(Metric.CENSORED, nowNs - dueNs);
    }
  }

  /** In a closed loop nothing is due but what callers send, each until it has ended. */
  private void ended(long dueNs) {
    if (!open) {
      due(dueNs);
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
        due,
        answered,
        dueFailed,
        dueUnanswered,
        unfinished,
        retried,
        new TreeMap<>(errors),
        byClass);
  }
}
