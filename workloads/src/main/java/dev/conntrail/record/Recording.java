package dev.conntrail.record;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
   * @param kept by metric, in nanoseconds
   * @param errors requests that failed
   */
  public record Interval(long startMs, long endMs, Map<Metric, KeptHistogram> kept, long errors) {
    /** One with these histograms. */
    public static Interval of(
        long startMs, long endMs, Map<Metric, Histogram> histograms, long errors) {
      Map<Metric, KeptHistogram> kept = new EnumMap<>(Metric.class);
      histograms.forEach((metric, h) -> kept.put(metric, new KeptHistogram(h)));
      return new Interval(startMs, endMs, kept, errors);
    }

    /** A histogram of each metric, in nanoseconds, made anew. */
    public Map<Metric, Histogram> histograms() {
      Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
      kept.forEach((metric, k) -> {
        Histogram h = new Histogram(SIGNIFICANT_DIGITS);
        k.addTo(h);
        h.setTag(metric.tag());
        h.setStartTimeStamp(startMs);
        h.setEndTimeStamp(endMs);
        histograms.put(metric, h);
      });
      return histograms;
    }
  }

  /** What is recorded of one metric, and given out for an interval. */
  private interface Meter {
    void record(long valueNs);

    /** What was recorded since it was last taken. */
    KeptHistogram take();
  }

  private final Map<Metric, Meter> meters = new EnumMap<>(Metric.class);
  private final AtomicLong errors = new AtomicLong();
  private final List<Interval> intervals = new CopyOnWriteArrayList<>();
  private long startMs;

  /** For several threads. */
  public Recording() {
    this(Shared::new);
  }

  private Recording(Supplier<Meter> meter) {
    for (Metric metric : Metric.values()) {
      meters.put(metric, meter.get());
    }
  }

  /** For one thread, which cuts too: nothing is shared, so that recording costs least. */
  public static Recording ofOneThread() {
    return new Recording(Own::new);
  }

  private static final class Shared implements Meter {
    private final Recorder recorder = new Recorder(LONGEST_NS, SIGNIFICANT_DIGITS);
    private Histogram taken;

    @Override
    public void record(long valueNs) {
      recorder.recordValue(valueNs);
    }

    @Override
    public KeptHistogram take() {
      taken = recorder.getIntervalHistogram(taken);
      return new KeptHistogram(taken);
    }
  }

  private static final class Own implements Meter {
    private final Histogram histogram = new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS);

    @Override
    public void record(long valueNs) {
      histogram.recordValue(valueNs);
    }

    @Override
    public KeptHistogram take() {
      KeptHistogram taken = new KeptHistogram(histogram);
      histogram.reset();
      return taken;
    }
  }

  /** Starts the first interval. */
  public void start(long nowMs) {
    startMs = nowMs;
  }

  /** Notes a value in nanoseconds; negative ones count as 0, those above the longest as it. */
  public void record(Metric metric, long valueNs) {
    meters.get(metric).record(Math.clamp(valueNs, 0, LONGEST_NS));
  }

  /** Notes a failed request. */
  public void error() {
    errors.incrementAndGet();
  }

  /**
   * Ends an interval and starts the next. Recorders are of a fixed size: a log of one that grew
   * while several threads recorded was once found with a count beyond its end.
   */
  public void cut(long nowMs) {
    Map<Metric, KeptHistogram> cut = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      cut.put(metric, meters.get(metric).take());
    }
    intervals.add(new Interval(startMs, nowMs, cut, errors.getAndSet(0)));
    startMs = nowMs;
  }

  /** All intervals together; never percentiles of percentiles. */
  public static Map<Metric, Histogram> sum(List<Interval> intervals) {
    Map<Metric, Histogram> sums = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Histogram sum = new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS);
      intervals.forEach(i -> i.kept().get(metric).addTo(sum));
      sums.put(metric, sum);
    }
    return sums;
  }

  /** What several threads recorded, each cut at the same instants: interval by interval. */
  public static List<Interval> joined(List<List<Interval>> parts) {
    int longest = parts.stream().mapToInt(List::size).max().orElse(0);
    List<Interval> joined = new ArrayList<>();
    for (int i = 0; i < longest; i++) {
      int at = i;
      joined.add(joinedOne(parts.stream().filter(p -> p.size() > at).map(p -> p.get(at)).toList()));
    }
    return joined;
  }

  private static Interval joinedOne(List<Interval> same) {
    long startMs = same.stream().mapToLong(Interval::startMs).min().orElseThrow();
    long endMs = same.stream().mapToLong(Interval::endMs).max().orElseThrow();
    Map<Metric, KeptHistogram> kept = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
      same.forEach(i -> i.kept().get(metric).addTo(sum));
      kept.put(metric, new KeptHistogram(sum));
    }
    long errors = same.stream().mapToLong(Interval::errors).sum();
    return new Interval(startMs, endMs, kept, errors);
  }

  /** The intervals so far. */
  public List<Interval> intervals() {
    return List.copyOf(intervals);
  }
}
