package dev.conntrail.load;

import dev.conntrail.record.CpuUse;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one load process saw.
 *
 * @param times when its phases were
 * @param requests what became of them
 * @param cpu what the measure phase took of the CPU
 * @param intervals histograms, a second each; the first holds only what the warm-up leaves (connect
 *     times)
 * @param ledger every connection
 * @param replies who answered when
 * @param drainedEarly whether it was told to stop before its time
 * @param heldBytes of Java's heap that connections held before the first phase; not a number where
 *     that was not read
 */
public record LoadOutcome(
    Times times,
    Requests requests,
    CpuUse cpu,
    List<Recording.Interval> intervals,
    List<LedgerRow> ledger,
    Replies.Seen replies,
    boolean drainedEarly,
    double heldBytes) {
  /**
   * 99th percentile of the lag of requests that found their caller free, nanoseconds; not a number
   * if there was none.
   */
  public double pacingLagP99Ns() {
    return Quantiles.percentile(Recording.sum(intervals).get(Metric.PACING_LAG), 99);
  }

  /**
   * When the phases of a load process were.
   *
   * @param agreedNs when the first phase was to begin, {@link System#nanoTime()}: the same instant
   *     for all processes of a repetition
   * @param startMs when it began in this one, milliseconds since the epoch
   * @param measureStartMs wall clock, when the measure phase began
   * @param measuredNs how long the measure phase was
   */
  public record Times(long agreedNs, long startMs, long measureStartMs, long measuredNs) {}

  /**
   * What became of requests.
   *
   * @param due requests that were due in the measure phase; in a closed loop, sent in it
   * @param answered of these, how many were answered
   * @param dueFailed of those due, how many failed
   * @param dueUnanswered of those due, how many had no answer when the drain ended
   * @param carried of requests due before the measure phase, how many were not sent when it began
   *     and waited for others of their caller
   * @param unfinished of all requests, how many had no answer when the drain ended
   * @param retried how often a library sent a request again, of all phases, those too with which
   *     connections are brought up
   * @param connectsFailed how many first connections could not be had
   * @param errors failed requests and connects by kind, as {@link ErrorCounts} tells kinds apart
   * @param statuses of HTTP, how many replies of all phases and of first exchanges had one of a
   *     class (2: 200 to 299), those too that are no answer; none where the client does not read
   *     them
   */
  public record Requests(
      long due,
      long answered,
      long dueFailed,
      long dueUnanswered,
      long carried,
      long unfinished,
      long retried,
      long connectsFailed,
      Map<String, Long> errors,
      Map<Integer, Long> statuses) {
    /** Those of several threads together. */
    public static Requests sum(List<Requests> parts) {
      Map<String, Long> errors = new TreeMap<>();
      parts.forEach(p -> p.errors.forEach((kind, n) -> errors.merge(kind, n, Long::sum)));
      Map<Integer, Long> statuses = new TreeMap<>();
      parts.forEach(p -> p.statuses.forEach((of, n) -> statuses.merge(of, n, Long::sum)));
      return new Requests(
          parts.stream().mapToLong(Requests::due).sum(),
          parts.stream().mapToLong(Requests::answered).sum(),
          parts.stream().mapToLong(Requests::dueFailed).sum(),
          parts.stream().mapToLong(Requests::dueUnanswered).sum(),
          parts.stream().mapToLong(Requests::carried).sum(),
          parts.stream().mapToLong(Requests::unfinished).sum(),
          parts.stream().mapToLong(Requests::retried).sum(),
          parts.stream().mapToLong(Requests::connectsFailed).sum(),
          errors,
          statuses);
    }
  }
}
