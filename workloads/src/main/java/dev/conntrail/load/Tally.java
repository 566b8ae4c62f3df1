package dev.conntrail.load;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted and timed of requests; safe for use by several threads. */
final class Tally {
  private final Recording recording;
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder due = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder unfinished = new LongAdder();

  Tally(Recording recording) {
    this.recording = recording;
  }

  /** A request of the schedule is due. */
  void due(boolean measured) {
    if (measured) {
      due.increment();
    }
  }

  /** A measured request was answered. */
  void answered(long dueNs, long sentNs, long nowNs) {
    answered.increment();
    recording.record(Metric.RESPONSE, nowNs - dueNs);
    recording.record(Metric.SERVICE, nowNs - sentNs);
    recording.record(Metric.SEND_LAG, sentNs - dueNs);
  }

  /** Something failed, a request or a connect, that began, or was due, then. */
  void failed(Throwable why, long sinceNs, boolean measured) {
    String message =
        why.getMessage() == null ? "" : ": " + why.getMessage().lines().findFirst().orElse("");
    errors
        .computeIfAbsent(why.getClass().getSimpleName() + message, _ -> new LongAdder())
        .increment();
    if (measured) {
      recording.error();
      recording.record(Metric.FAILURE, System.nanoTime() - sinceNs);
    }
  }

  /** A request had not ended when the drain did. */
  void gaveUp() {
    unfinished.increment();
  }

  /** The counts. */
  LoadOutcome.Requests requests(boolean open) {
    Map<String, Long> failed = new TreeMap<>();
    errors.forEach((kind, n) -> failed.put(kind, n.sum()));
    return new LoadOutcome.Requests(
        open ? due.sum() : answered.sum(), answered.sum(), unfinished.sum(), failed);
  }
}
