package dev.conntrail.record;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;

/**
 * Histograms of all metrics, cut into intervals. For one thread; where several share it, they take
 * turns at all but {@link #keep}, so that who records waits for no more than an exchange.
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
      histograms.forEach(
          (metric, h) -> kept.put(metric, new KeptHistogram(h, KeptHistogram.scratch(h))));
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

  private Map<Metric, Histogram> now = empty();
  private Map<Metric, Histogram> before = empty();
  private final byte[] scratch = KeptHistogram.scratch(now.get(Metric.RESPONSE));
  private final List<Interval> intervals = new CopyOnWriteArrayList<>();
  private long errors;
  private long errorsBefore;
  private long startMs;

  private static Map<Metric, Histogram> empty() {
    Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      histograms.put(metric, new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS));
    }
    return histograms;
  }

  /** Starts the first interval. */
  public void start(long nowMs) {
    startMs = nowMs;
  }

  /** Notes a value in nanoseconds; negative ones count as 0, those above the longest as it. */
  public void record(Metric metric, long valueNs) {
    now.get(metric).recordValue(Math.clamp(valueNs, 0, LONGEST_NS));
  }

  /** Notes a failed request. */
  public void error() {
    errors++;
  }

  /** What is recorded from now on is of another interval. */
  public void exchange() {
    Map<Metric, Histogram> ended = now;
    now = before;
    before = ended;
    errorsBefore = errors;
    errors = 0;
  }

  /** Keeps the interval that the last exchange ended, which makes room for the next exchange. */
  public void keep(long nowMs) {
    Map<Metric, KeptHistogram> kept = new EnumMap<>(Metric.class);
    before.forEach((metric, histogram) -> {
      kept.put(metric, new KeptHistogram(histogram, scratch));
      histogram.reset();
    });
    intervals.add(new Interval(startMs, nowMs, kept, errorsBefore));
    startMs = nowMs;
  }

  /** Drops the intervals so far. */
  public void forget() {
    intervals.clear();
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
      kept.put(metric, new KeptHistogram(sum, KeptHistogram.scratch(sum)));
    }
    long errors = same.stream().mapToLong(Interval::errors).sum();
    return new Interval(startMs, endMs, kept, errors);
  }

  /** The intervals so far. */
  public List<Interval> intervals() {
    return List.copyOf(intervals);
  }
}
