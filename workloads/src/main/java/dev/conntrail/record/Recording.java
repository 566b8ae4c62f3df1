package dev.conntrail.record;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Histograms of all metrics, cut into intervals. Recording is wait-free; cutting is for one thread.
 */
public final class Recording {
  /** Three significant digits: values are kept to within 0.1 %. */
  public static final int SIGNIFICANT_DIGITS = 3;

  /** The longest time that is told apart from longer ones, nanoseconds: an hour. */
  public static final long LONGEST_NS = 3_600_000_000_000L;

  /**
   * What was recorded between two cuts.
   *
   * @param startMs wall-clock start, in milliseconds since the epoch
   * @param endMs wall-clock end
   * @param histograms by metric, in nanoseconds
   * @param errors requests that failed
   */
  public record Interval(
      long startMs, long endMs, Map<Metric, Histogram> histograms, long errors) {}

  private final Map<Metric, Recorder> recorders = new EnumMap<>(Metric.class);
  private final AtomicLong errors = new AtomicLong();
  private final List<Interval> intervals = new CopyOnWriteArrayList<>();
  private long startMs;

  public Recording() {
    for (Metric m : Metric.values()) {
      recorders.put(m, new Recorder(LONGEST_NS, SIGNIFICANT_DIGITS));
    }
  }

  /** Starts the first interval. */
  public void start(long nowMs) {
    startMs = nowMs;
  }

  /** Notes a value in nanoseconds; negative ones count as 0, those above the longest as it. */
  public void record(Metric metric, long valueNs) {
    recorders.get(metric).recordValue(Math.clamp(valueNs, 0, LONGEST_NS));
  }

  /** Notes a failed request. */
  public void error() {
    errors.incrementAndGet();
  }

  /** Ends an interval and starts the next. */
  public void cut(long nowMs) {
    Map<Metric, Histogram> cut = new EnumMap<>(Metric.class);
    recorders.forEach((metric, recorder) -> {
      Histogram h = compact(recorder.getIntervalHistogram());
      h.setTag(metric.tag());
      h.setStartTimeStamp(startMs);
      h.setEndTimeStamp(nowMs);
      cut.put(metric, h);
    });
    intervals.add(new Interval(startMs, nowMs, cut, errors.getAndSet(0)));
    startMs = nowMs;
  }

  /**
   * The same in no more memory than its values need. The recorder itself is of a fixed size: a log
   * of one that grew while several threads recorded was once found with a count beyond its end.
   */
  private static Histogram compact(Histogram wide) {
    Histogram small = new Histogram(SIGNIFICANT_DIGITS);
    wide.recordedValues()
        .forEach(
            v -> small.recordValueWithCount(v.getValueIteratedTo(), v.getCountAtValueIteratedTo()));
    return small;
  }

  /** All intervals together; never percentiles of percentiles. */
  public static Map<Metric, Histogram> sum(List<Interval> intervals) {
    Map<Metric, Histogram> sums = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Histogram sum = new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS);
      intervals.forEach(i -> sum.add(i.histograms().get(metric)));
      sums.put(metric, sum);
    }
    return sums;
  }

  /** The intervals so far. */
  public List<Interval> intervals() {
    return List.copyOf(intervals);
  }
}
