package dev.conntrail.result.row;

import dev.conntrail.record.Quantiles;
import org.HdrHistogram.Histogram;

/**
 * Percentiles of a time. Where too few values lie beyond a percentile it is not a number: five of
 * them have to.
 *
 * @param count values
 * @param meanNs their mean
 * @param p50Ns median
 * @param p90Ns 90th percentile
 * @param p99Ns 99th percentile
 * @param p999Ns 99.9th percentile
 * @param maxNs the largest
 */
public record Times(
    long count,
    double meanNs,
    double p50Ns,
    double p90Ns,
    double p99Ns,
    double p999Ns,
    double maxNs) {
  private static final int BEYOND = 5;

  /** Those of a histogram in nanoseconds. */
  public static Times of(Histogram h) {
    return new Times(
        h.getTotalCount(),
        h.getTotalCount() == 0 ? Double.NaN : h.getMean(),
        percentile(h, 50),
        percentile(h, 90),
        percentile(h, 99),
        percentile(h, 99.9),
        Quantiles.percentile(h, 100));
  }

  /** Whether enough values lie beyond a percentile for it to mean anything. */
  public static boolean tells(long count, double percentile) {
    return percentile <= 50 ? count > 0 : count * (100 - percentile) >= 100.0 * BEYOND;
  }

  /** A percentile in nanoseconds; not a number where too few values lie beyond it. */
  public static double percentile(Histogram h, double percentile) {
    return tells(h.getTotalCount(), percentile) ? Quantiles.percentile(h, percentile) : Double.NaN;
  }
}
