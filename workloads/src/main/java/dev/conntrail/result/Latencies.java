package dev.conntrail.result;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Histogram logs (HdrHistogram log format 1.3): intervals tagged by metric, values in nanoseconds,
 * maxima shown in ms.
 */
public final class Latencies {
  private static final double NS_PER_MS = 1e6;

  private Latencies() {}

  /** Writes the intervals of one load process. */
  public static void write(Path file, List<Recording.Interval> intervals, String comment)
      throws IOException {
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(file), false, java.nio.charset.StandardCharsets.UTF_8)) {
      HistogramLogWriter log = new HistogramLogWriter(out);
      log.outputComment(
          "[Conntrail] "
              + comment
              + "; values in ns, Interval_Max in ms; tags: response, service, send-lag, connect, failure");
      log.outputLogFormatVersion();
      long base = intervals.isEmpty() ? 0 : intervals.getFirst().startMs();
      log.outputStartTime(base);
      log.setBaseTime(base);
      log.outputBaseTime(base);
      log.outputLegend();
      for (Recording.Interval interval : intervals) {
        for (Metric metric : Metric.values()) {
          Histogram h = interval.histograms().get(metric);
          if (h.getTotalCount() > 0) {
            log.outputIntervalHistogram(
                (interval.startMs() - base) / 1000.0,
                (interval.endMs() - base) / 1000.0,
                h,
                NS_PER_MS);
          }
        }
      }
    }
  }

  /** Histograms of several repetitions together, by metric. */
  static Map<Metric, Histogram> sum(List<Map<Metric, Histogram>> parts) {
    Map<Metric, Histogram> sums = empty();
    parts.forEach(part -> part.forEach((metric, h) -> sums.get(metric).add(h)));
    return sums;
  }

  /** All intervals of all files together, by metric; never percentiles of percentiles. */
  public static Map<Metric, Histogram> merged(List<Path> files) throws IOException {
    Map<Metric, Histogram> sums = empty();
    for (Path file : files) {
      try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(file))) {
        for (EncodableHistogram next = reader.nextIntervalHistogram();
            next != null;
            next = reader.nextIntervalHistogram()) {
          for (Metric metric : Metric.values()) {
            if (metric.tag().equals(next.getTag())) {
              sums.get(metric).add((Histogram) next);
            }
          }
        }
      }
    }
    return sums;
  }

  /**
   * Appends the intervals of several processes into one log, so that any analyzer reads one file.
   */
  public static void join(Path file, List<Path> parts) throws IOException {
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(file), false, java.nio.charset.StandardCharsets.UTF_8)) {
      for (int i = 0; i < parts.size(); i++) {
        for (String line : Files.readAllLines(parts.get(i))) {
          boolean header = line.startsWith("#") || line.startsWith("\"");
          if (i == 0 || !header) {
            out.println(line);
          }
        }
      }
    }
  }

  private static Map<Metric, Histogram> empty() {
    Map<Metric, Histogram> sums = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      sums.put(metric, new Histogram(Recording.LONGEST_NS, Recording.SIGNIFICANT_DIGITS));
    }
    return sums;
  }
}
