package dev.conntrail.result;

import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Histogram logs (HdrHistogram log format 1.3), values in nanoseconds, maxima shown in ms:
 * intervals tagged by metric, and one over the measure phase for each pod that answered, tagged
 * {@code response.POD}.
 */
public final class Latencies {
  private static final double NS_PER_MS = 1e6;
  private static final double MS_PER_S = 1000;

  private Latencies() {}

  /**
   * Response times by pod.
   *
   * @param pods what each answered
   * @param startMs start of the measure phase, milliseconds since the epoch
   * @param lengthMs its length
   */
  public record ByPod(List<Replies.Pod> pods, long startMs, double lengthMs) {}

  /** Writes the intervals of one load process. */
  public static void write(
      Path file, List<Recording.Interval> intervals, ByPod byPod, String comment)
      throws IOException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      HistogramLogWriter log = new HistogramLogWriter(out);
      log.outputComment(
          "[Conntrail] "
              + comment
              + "; values in ns, Interval_Max in ms; tags: "
              + Arrays.stream(Metric.values()).map(Metric::tag).collect(Collectors.joining(", "))
              + ", "
              + Replies.TAG
              + "POD");
      log.outputLogFormatVersion();
      long base = intervals.isEmpty() ? 0 : intervals.getFirst().startMs();
      log.outputStartTime(base);
      log.setBaseTime(base);
      log.outputBaseTime(base);
      log.outputLegend();
      for (Recording.Interval interval : intervals) {
        Map<Metric, Histogram> histograms = interval.histograms();
        for (Metric metric : Metric.values()) {
          line(
              log,
              (interval.startMs() - base) / MS_PER_S,
              (interval.endMs() - base) / MS_PER_S,
              histograms.get(metric));
        }
      }
      for (Replies.Pod pod : byPod.pods()) {
        double from = (byPod.startMs() - base) / MS_PER_S;
        line(log, from, from + byPod.lengthMs() / MS_PER_S, pod.response());
      }
    }
  }

  private static void line(HistogramLogWriter log, double fromS, double toS, Histogram h) {
    if (h.getTotalCount() > 0) {
      log.outputIntervalHistogram(fromS, toS, h, NS_PER_MS);
    }
  }

  /** All intervals of all files together, by metric; never percentiles of percentiles. */
  public static Map<Metric, Histogram> merged(List<Path> files) throws IOException {
    Map<Metric, Histogram> sums = empty();
    read(files, adding(sums));
    return sums;
  }

  /** The same of one log. */
  static Map<Metric, Histogram> merged(InputStream log) {
    Map<Metric, Histogram> sums = empty();
    read(log, adding(sums));
    return sums;
  }

  private static BiConsumer<String, Histogram> adding(Map<Metric, Histogram> sums) {
    return (tag, h) ->
        Arrays.stream(Metric.values())
            .filter(metric -> metric.tag().equals(tag))
            .forEach(metric -> sums.get(metric).add(h));
  }

  /**
   * Response times by pod, all clients together; pods that answered nothing in the measure phase
   * are not there, nor is any in logs of versions that did not record them.
   */
  public static SortedMap<String, Histogram> byPod(List<Path> files) throws IOException {
    SortedMap<String, Histogram> sums = new TreeMap<>();
    read(
        files,
        (tag, h) -> {
          if (tag != null && tag.startsWith(Replies.TAG)) {
            sums.computeIfAbsent(
                    tag.substring(Replies.TAG.length()),
                    _ -> new Histogram(Replies.SIGNIFICANT_DIGITS))
                .add(h);
          }
        });
    return sums;
  }

  private static void read(List<Path> files, BiConsumer<String, Histogram> each)
      throws IOException {
    for (Path file : files) {
      try (InputStream log = Files.newInputStream(file)) {
        read(log, each);
      }
    }
  }

  private static void read(InputStream log, BiConsumer<String, Histogram> each) {
    try (HistogramLogReader reader = new HistogramLogReader(log)) {
      for (EncodableHistogram next = reader.nextIntervalHistogram();
          next != null;
          next = reader.nextIntervalHistogram()) {
        each.accept(next.getTag(), (Histogram) next);
      }
    }
  }

  /**
   * Appends the intervals of several processes into one log, so that any analyzer reads one file.
   */
  public static void join(Path file, List<Path> parts) throws IOException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
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

  /** Histograms of several repetitions together, by metric; those of one as they are. */
  public static Map<Metric, Histogram> sum(List<Map<Metric, Histogram>> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    Map<Metric, Histogram> sums = empty();
    parts.forEach(part -> part.forEach((metric, h) -> sums.get(metric).add(h)));
    return sums;
  }

  private static Map<Metric, Histogram> empty() {
    Map<Metric, Histogram> sums = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      sums.put(metric, new Histogram(Recording.LONGEST_NS, Recording.SIGNIFICANT_DIGITS));
    }
    return sums;
  }
}
