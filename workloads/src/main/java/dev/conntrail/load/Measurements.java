package dev.conntrail.load;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;

/**
 * What is counted and timed of the requests of one part of a run: of the measure phase, or of the
 * warm-up, whose measurements nobody reads. They are made all the same, so that what makes them is
 * compiled, and has its memory, when it counts.
 */
final class Measurements {
  private final boolean open;
  private final Recording recording = new Recording();
  private long due;
  private long answered;
  private long failed;
  private long unanswered;
  private Replies replies;

  /**
   * None yet.
   *
   * @param open whether requests are due at a rate: only then can they be sent late
   */
  Measurements(boolean open) {
    this.open = open;
  }

  /** The first phase has begun. */
  void begin(Replies counters, long nowMs) {
    recording.start(nowMs);
    replies = counters;
  }

  Recording recording() {
    return recording;
  }

  /** A request of the schedule is due then; one thread has them all. */
  void due(long dueNs) {
    due++;
    replies.due(dueNs);
  }

  /** A request is sent so late that had nothing to wait for. */
  void paced(long lagNs) {
    recording.record(Metric.PACING_LAG, lagNs);
  }

  /** A request was answered. */
  void answered(long dueNs, long sentNs, long nowNs) {
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
  void failed(long dueNs, long nowNs) {
    failed++;
    ended(dueNs);
    replies.failed(dueNs, nowNs - dueNs);
    recording.record(Metric.CENSORED, nowNs - dueNs);
  }

  /** A request that was due then had not ended when the drain did. */
  void gaveUp(long dueNs, long nowNs) {
    unanswered++;
    ended(dueNs);
    replies.gaveUp(dueNs, nowNs - dueNs);
    recording.record(Metric.CENSORED, nowNs - dueNs);
  }

  /** In a closed loop nothing is due but what callers send, each until it has ended. */
  private void ended(long dueNs) {
    if (!open) {
      due(dueNs);
    }
  }

  long dueCount() {
    return due;
  }

  long answeredCount() {
    return answered;
  }

  long failedCount() {
    return failed;
  }

  long unansweredCount() {
    return unanswered;
  }
}
