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
      recorders.put(m, new Recorder(SIGNIFICANT_DIGITS));
    }
  }

  /** Starts the first interval. */
  public void start(long nowMs) {
    startMs = nowMs;
  }

  /** Notes a value in nanoseconds; negative ones count as 0. */
  public void record(Metric metric, long valueNs) {
    recorders.get(metric).recordValue(Math.max(0, valueNs));
  }

  /** Notes a failed request. */
  public void error() {
    errors.incrementAndGet();
  }

  /** Ends an interval and starts the next. */
  public void cut(long nowMs) {
    Map<Metric, Histogram> cut = new EnumMap<>(Metric.class);
    recorders.forEach((metric, recorder) -> {
      Histogram h = recorder.getIntervalHistogram();
      h.setTag(metric.tag());
      h.setStartTimeStamp(startMs);
      h.setEndTimeStamp(nowMs);
      cut.put(metric, h);
    });
    intervals.add(new Interval(startMs, nowMs, cut, errors.getAndSet(0)));
    startMs = nowMs;
  }

  /** The intervals so far. */
  public List<Interval> intervals() {
    return List.copyOf(intervals);
  }
}
