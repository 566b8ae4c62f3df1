package dev.conntrail.result;

import dev.conntrail.record.Metric;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What is known of one repetition. */
public final class RepetitionResults {
  private final TableReader reader;
  private final SummaryRow summary;
  private final List<DistributionRow> pods;
  private final List<EventRow> events;
  private final List<EffectRow> effects;
  private Map<Metric, Histogram> latencies;

  RepetitionResults(
      TableReader reader,
      SummaryRow summary,
      List<DistributionRow> pods,
      List<EventRow> events,
      List<EffectRow> effects) {
    this.reader = reader;
    this.summary = summary;
    this.pods = List.copyOf(pods);
    this.events = List.copyOf(events);
    this.effects = List.copyOf(effects);
  }

  /** Its row. */
  public SummaryRow summary() {
    return summary;
  }

  /** From 1. */
  public int number() {
    return summary.at().repetition();
  }

  /** A row a pod, in the order of pods. */
  public List<DistributionRow> pods() {
    return pods;
  }

  /** What each pod got. */
  public long[] counts(Unit unit) {
    return pods.stream().mapToLong(p -> p.count(unit)).toArray();
  }

  /** What was changed of the Service. */
  public List<EventRow> events() {
    return events;
  }

  /** What that, and idleness, did to connections. */
  public List<EffectRow> effects() {
    return effects;
  }

  /** Its files. */
  public RepetitionFolder folder() {
    return reader.schema().repetition(summary.at().cellId(), number());
  }

  /** A row a client and second. */
  public List<IntervalRow> intervals() {
    return reader.rows(Tables.INTERVALS, summary.at().cellId(), number());
  }

  /** A row a bin of time and pod; empty in folders of versions that did not count them. */
  public List<PodsOverTimeRow> podsOverTime() {
    return reader.rows(Tables.PODS_OVER_TIME, summary.at().cellId(), number());
  }

  /** Its histograms by metric; empty ones if it has none. */
  public synchronized Map<Metric, Histogram> latencies() {
    if (latencies == null) {
      latencies = read(folder().latency());
    }
    return latencies;
  }

  private Map<Metric, Histogram> read(Path log) {
    String why = "no such file";
    if (Files.exists(log)) {
      try {
        Map<Metric, Histogram> read = Latencies.merged(List.of(log));
        if (read.get(Metric.RESPONSE).getTotalCount() > 0
            || summary.requests().answeredCount() == 0) {
          return read;
        }
        why = "found no response times of " + summary.requests().answeredCount() + " requests";
      } catch (IOException | RuntimeException e) {
        // what the library says of a damaged log has no place, and often no words
        why = "found no histogram log (HdrHistogram 1.3), or a damaged one";
      }
    }
    reader.problem(log, log + ": " + why + "; its times are left out");
    return Latencies.sum(List.of());
  }

  /** The rules as they were loaded; empty if they were not kept. */
  public String rules() {
    Path file = folder().rules();
    try {
      return Files.exists(file) ? TextFiles.read(file) : "";
    } catch (IOException e) {
      reader.problem(file, e.getMessage() + "; the rules are left out");
      return "";
    }
  }
}
