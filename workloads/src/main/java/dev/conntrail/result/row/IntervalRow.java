package dev.conntrail.result.row;

import dev.conntrail.record.CensoredTimes;
import java.util.Optional;

/**
 * {@code intervals.csv} of a repetition: one row a client and second. A request belongs to the
 * interval in which it ended: by its reply, by its failure, or when it was given up at the drain's
 * end.
 */
public record IntervalRow(
    @Inline At at,
    String client,
    double startMs,
    double lengthMs,
    long answeredCount,
    long failedCount,
    Response response,
    double sendLagP99Ns,
    double connectP50Ns) {

  /**
   * Response times of the requests that ended in it; those without an answer are right-censored.
   *
   * @param censoredCount of these, without an answer; empty where that was not recorded: then times
   *     are of answered ones
   * @param exactUpToPct above this percentile values are lower bounds; not a number if not known
   * @param p50Ns median; not a number if none ended in it
   * @param p99Ns 99th percentile
   * @param maxNs the largest
   */
  public record Response(
      Optional<Long> censoredCount, double exactUpToPct, double p50Ns, double p99Ns, double maxNs) {
    /** Those of an interval. */
    public static Response of(CensoredTimes times) {
      return new Response(
          Optional.of(times.count() - times.answeredCount()),
          times.exactUpToPct(),
          times.percentile(50).ns(),
          times.percentile(99).ns(),
          times.percentile(100).ns());
    }
  }
}
