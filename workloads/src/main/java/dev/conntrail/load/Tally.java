package dev.conntrail.load;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted and timed of requests; safe for use by several threads. */
public final class Tally {
  /** Of statuses of HTTP: 0 is none of them. */
  private static final int CLASSES = 10;

  private static final int OF_CLASS = 100;

  private final boolean open;
  private final Recording recording;
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder due = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder dueFailed = new LongAdder();
  private final LongAdder dueUnanswered = new LongAdder();
  private final LongAdder unfinished = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder[] statuses = new LongAdder[CLASSES];
  private volatile Replies replies;

  /**
   * Counts what goes into a recording.
   *
   * @param open whether requests are due at a rate: only then can they be sent late
   */
  public Tally(boolean open, Recording recording) {
    this.open = open;
    this.recording = recording;
    Arrays.setAll(statuses, _ -> new LongAdder());
  }

  /** The first phase has begun, and this is where replies are counted by pod. */
  public void begin(Replies counters) {
    replies = counters;
  }

  /** Where replies are counted by pod; not to be asked before the first phase. */
  public Replies replies() {
    return replies;
  }

  /** A reply of this status of HTTP came, in any phase, that of a first exchange too. */
  public void replied(int status) {
    statuses[Math.clamp(status / OF_CLASS, 0, CLASSES - 1)].increment();
  }

  /** A request of the schedule is due. */
  public void due(boolean measured) {
    if (measured) {
      due.increment();
    }
  }

  /** A measured request is sent so late that had nothing to wait for. */
  public void paced(long lagNs) {
    recording.record(Metric.PACING_LAG, lagNs);
  }

  /** A measured request was answered. */
  public void answered(long dueNs, long sentNs, long nowNs) {
    answered.increment();
    recording.record(Metric.RESPONSE, nowNs - dueNs);
    replies.took(dueNs, nowNs - dueNs);
    recording.record(Metric.SERVICE, nowNs - sentNs);
    if (open) {
      recording.record(Metric.SEND_LAG, sentNs - dueNs);
    }
  }

  /** A request failed that was due then. */
  public void failed(Throwable why, long dueNs, boolean measured) {
    long now = System.nanoTime();
    noted(why, now - dueNs, measured);
    replies.failed(now);
    if (measured) {
      dueFailed.increment();
      censored(dueNs, now - dueNs);
    }
  }

  /** A library sends a request again; those before the first phase are in the sum alone. */
  public void retried() {
    retried.increment();
    Replies begun = replies;
    if (begun != null) {
      begun.retried(System.nanoTime());
    }
  }

  /** A connection could not be made; the attempt began then. */
  public void connectFailed(Throwable why, long begunNs, boolean measured) {
    noted(why, System.nanoTime() - begunNs, measured);
  }

  private void noted(Throwable why, long tookNs, boolean measured) {
    String message =
        why.getMessage() == null ? "" : ": " + why.getMessage().lines().findFirst().orElse("");
    errors
        .computeIfAbsent(why.getClass().getSimpleName() + message, _ -> new LongAdder())
        .increment();
    if (measured) {
      recording.error();
      recording.record(Metric.FAILURE, tookNs);
    }
  }

  /** A request that was due then had not ended when the drain did. */
  public void gaveUp(long dueNs, long nowNs, boolean measured) {
    unfinished.increment();
    if (measured) {
      dueUnanswered.increment();
      censored(dueNs, nowNs - dueNs);
    }
  }

  private void censored(long dueNs, long afterNs) {
    replies.gaveUp(dueNs, afterNs);
    recording.record(Metric.CENSORED, afterNs);
  }

  /** The counts. */
  public LoadOutcome.Requests requests() {
    Map<String, Long> failed = new TreeMap<>();
    errors.forEach((kind, n) -> failed.put(kind, n.sum()));
    Map<Integer, Long> byClass = new TreeMap<>();
    for (int i = 0; i < CLASSES; i++) {
      if (statuses[i].sum() > 0) {
        byClass.put(i, statuses[i].sum());
      }
    }
    return new LoadOutcome.Requests(
        open ? due.sum() : answered.sum() + dueFailed.sum() + dueUnanswered.sum(),
        answered.sum(),
        dueFailed.sum(),
        dueUnanswered.sum(),
        unfinished.sum(),
        retried.sum(),
        failed,
        byClass);
  }
}
