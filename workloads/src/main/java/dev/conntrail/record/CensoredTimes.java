package dev.conntrail.record;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Response times of all requests that were due: known for those that were answered, and known to be
 * longer than some time for those that failed or were given up (right-censored, as in survival
 * analysis). Left out, the slowest requests would make a service look fast.
 *
 * <p>A percentile lies between two bounds: that with all censored requests answered at the moment
 * they were given up, and that with none of them ever answered. Where both are the same it is
 * exact; else only the lower one is known. All to within the histograms' 0.1 %; a lower bound is
 * never rounded up.
 */
public final class CensoredTimes {
  /** Longer than anything that is recorded. */
  private static final long NEVER_NS = 2 * Recording.LONGEST_NS;

  /**
   * A time.
   *
   * @param ns nanoseconds; not a number if there was no request
   * @param atLeast whether it is only a lower bound
   */
  public record Time(double ns, boolean atLeast) {}

  private final Histogram answered;
  private final Histogram censored;
  private final Histogram soonest;
  private final Histogram latest;

  /**
   * Times of answered requests, and of those that were given up. Both are copied.
   *
   * @param answered response times, nanoseconds
   * @param censored from due until given up, nanoseconds
   */
  public CensoredTimes(Histogram answered, Histogram censored) {
    int digits = answered.getNumberOfSignificantValueDigits();
    this.answered = new Histogram(digits);
    this.answered.add(answered);
    this.censored = new Histogram(digits);
    this.censored.add(censored);
    this.soonest = this.answered.copy();
    this.soonest.add(this.censored);
    this.latest = this.answered.copy();
    if (count() > answeredCount()) {
      this.latest.recordValueWithCount(NEVER_NS, count() - answeredCount());
    }
  }

  /** Of the histograms by metric of a repetition, of a cell, or of an interval. */
  public static CensoredTimes of(Map<Metric, Histogram> histograms) {
    return new CensoredTimes(histograms.get(Metric.RESPONSE), histograms.get(Metric.CENSORED));
  }

  /** Requests, answered or not. */
  public long count() {
    return soonest.getTotalCount();
  }

  /** Requests that were answered. */
  public long answeredCount() {
    return answered.getTotalCount();
  }

  /** The percentile {@code p}, from 0 to 100; 100 is the longest time. */
  public Time percentile(double p) {
    if (count() == 0) {
      return new Time(Double.NaN, false);
    }
    long lower = (long) Quantiles.percentile(soonest, p);
    boolean exact = lower == (long) Quantiles.percentile(latest, p);
    return exact ? new Time(lower, false) : new Time(soonest.lowestEquivalentValue(lower), true);
  }

  /** The mean; a lower bound if any request was given up. */
  public Time mean() {
    return count() == 0
        ? new Time(Double.NaN, false)
        : new Time(soonest.getMean(), count() > answeredCount());
  }

  /**
   * The percentile above which all are only lower bounds; 100 if none is, or if there was no
   * request.
   */
  public double exactUpToPct() {
    if (count() == answeredCount()) {
      return 100;
    }
    long rank = 0;
    long known = 0;
    for (HistogramIterationValue v : answered.recordedValues()) {
      known += v.getCountAddedInThisIterationStep();
      long before = answered.lowestEquivalentValue(v.getValueIteratedTo()) - 1;
      long given = before < 0 ? 0 : censored.getCountBetweenValues(0, before);
      if (given < v.getCountAddedInThisIterationStep()) {
        rank = known;
      }
    }
    return 100.0 * rank / count();
  }
}
