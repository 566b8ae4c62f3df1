package dev.conntrail.result;

import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.PackedHistogram;

/**
 * Response times by when requests were due, in bins of {@link Replies#BIN_MS}: a histogram log as
 * {@link Latencies} has it, whose times are after the start of the first phase.
 */
public final class DueTimes {
  private static final double NS_PER_MS = 1e6;
  private static final double MS_PER_S = 1000;

  private final SortedMap<Long, Histogram> answered = new TreeMap<>();
  private final SortedMap<Long, Histogram> censored = new TreeMap<>();

  /** Those of a client. */
  public static DueTimes of(List<Replies.Due> bins) {
    DueTimes times = new DueTimes();
    for (Replies.Due bin : bins) {
      times.add(times.answered, bin.atMs(), bin.answered());
      times.add(times.censored, bin.atMs(), bin.censored());
    }
    return times;
  }

  /** Those of several clients together. */
  public static DueTimes read(List<Path> files) throws IOException {
    DueTimes times = new DueTimes();
    for (Path file : files) {
      try (InputStream log = Files.newInputStream(file)) {
        times.read(log);
      }
    }
    return times;
  }

  /** What a log has is added. */
  void read(InputStream log) {
    try (HistogramLogReader reader = new HistogramLogReader(log)) {
      while (reader.hasNext()) {
        Histogram h = (Histogram) reader.nextIntervalHistogram();
        add(
            Metric.CENSORED.tag().equals(h.getTag()) ? censored : answered,
            h.getStartTimeStamp(),
            h);
      }
    }
  }

  private static Histogram empty() {
    return new PackedHistogram(Replies.SIGNIFICANT_DIGITS);
  }

  private void add(SortedMap<Long, Histogram> to, long atMs, Histogram h) {
    if (h.getTotalCount() > 0) {
      to.computeIfAbsent(atMs, _ -> empty()).add(h);
    }
  }

  /** Writes them. */
  public void write(Path file) throws IOException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      HistogramLogWriter log = new HistogramLogWriter(out);
      log.outputComment("[Conntrail] by when requests were due; values in ns, Interval_Max in ms");
      log.outputLogFormatVersion();
      log.outputStartTime(0);
      log.setBaseTime(0);
      log.outputBaseTime(0);
      log.outputLegend();
      write(log, Metric.RESPONSE, answered);
      write(log, Metric.CENSORED, censored);
    }
  }

  private static void write(
      HistogramLogWriter log, Metric metric, SortedMap<Long, Histogram> bins) {
    bins.forEach((atMs, h) -> {
      h.setTag(metric.tag());
      log.outputIntervalHistogram(
          atMs / MS_PER_S, (atMs + Replies.BIN_MS) / MS_PER_S, h, NS_PER_MS);
    });
  }

  /** Of the requests that were due then, milliseconds; the end is not among them. */
  public CensoredTimes between(long fromMs, long toMs) {
    return new CensoredTimes(sum(answered, fromMs, toMs), sum(censored, fromMs, toMs));
  }

  private static Histogram sum(SortedMap<Long, Histogram> bins, long fromMs, long toMs) {
    Histogram sum = new Histogram(Recording.LONGEST_NS, Replies.SIGNIFICANT_DIGITS);
    bins.subMap(fromMs, toMs).values().forEach(sum::add);
    return sum;
  }
}
