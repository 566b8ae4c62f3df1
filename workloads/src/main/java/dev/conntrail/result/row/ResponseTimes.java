package dev.conntrail.result.row;

import dev.conntrail.record.CensoredTimes;
import java.util.Optional;

/**
 * Response times of all requests that were due: of those that failed, or had no answer when the
 * drain ended, it is known that they are longer than some time (right-censored). Where too few
 * values lie beyond a percentile it is not a number.
 *
 * @param count requests
 * @param censoredCount of these, without an answer; empty where that was not recorded
 * @param exactUpToPct above this percentile values are lower bounds; not a number if not known
 * @param meanNs a lower bound if any request is censored
 * @param p50Ns median
 * @param p90Ns 90th percentile
 * @param p99Ns 99th percentile
 * @param p999Ns 99.9th percentile
 * @param maxNs the largest
 */
public record ResponseTimes(
    long count,
    Optional<Long> censoredCount,
    double exactUpToPct,
    double meanNs,
    double p50Ns,
    double p90Ns,
    double p99Ns,
    double p999Ns,
    double maxNs) {
  /** Where nothing was recorded. */
  public static final ResponseTimes UNKNOWN =
      new ResponseTimes(
          0,
          Optional.empty(),
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN);

  /** Those of a repetition. */
  public static ResponseTimes of(CensoredTimes times) {
    return new ResponseTimes(
        times.count(),
        Optional.of(times.count() - times.answeredCount()),
        times.exactUpToPct(),
        times.mean().ns(),
        percentile(times, 50),
        percentile(times, 90),
        percentile(times, 99),
        percentile(times, 99.9),
        times.percentile(100).ns());
  }

  private static double percentile(CensoredTimes times, double p) {
    return Times.tells(times.count(), p) ? times.percentile(p).ns() : Double.NaN;
  }

  /** The median; not a number where only a lower bound of it is known. */
  public double exactP50Ns() {
    return atLeast(50) ? Double.NaN : p50Ns;
  }

  /** Whether a percentile is only a lower bound. */
  public boolean atLeast(double percentile) {
    return percentile > exactUpToPct;
  }
}
