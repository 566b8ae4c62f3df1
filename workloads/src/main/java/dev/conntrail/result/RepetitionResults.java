package dev.conntrail.result;

import dev.conntrail.record.Metric;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** What is known of one repetition. */
public final class RepetitionResults {
  private final TableReader reader;
  private final SummaryRow summary;
  private final List<DistributionRow> pods;
  private final List<EventRow> events;
  private final List<EffectRow> effects;
  private Map<Metric, Histogram> latencies;
  private Optional<DueTimes> due;

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

  private RawFile file(String name) {
    return reader.schema().raw(summary.at().cellId(), number(), name);
  }

  /** The rows of one of its tables. */
  public <R extends Record> List<R> rows(Table<R> table) {
    return reader.rows(table, summary.at().cellId(), number());
  }

  /** A row a client and second. */
  public List<IntervalRow> intervals() {
    return rows(Tables.INTERVALS);
  }

  /** A row a bin of time and pod; empty in folders of versions that did not count them. */
  public List<PodsOverTimeRow> podsOverTime() {
    return reader.rows(Tables.PODS_OVER_TIME, summary.at().cellId(), number());
  }

  /** What became of requests, by when they were due; empty where that was not recorded. */
  public List<DueRow> requestsDue() {
    return rows(Tables.DUE);
  }

  /** Its histograms by metric; empty ones if it has none. */
  public synchronized Map<Metric, Histogram> latencies() {
    if (latencies == null) {
      latencies = read(file(RepetitionFolder.LATENCY));
    }
    return latencies;
  }

  /** Response times by when requests were due; empty where that was not recorded. */
  public synchronized Optional<DueTimes> due() {
    RawFile log = file(RepetitionFolder.DUE);
    try {
      if (due == null) {
        due = log.exists() ? due(log.bytes()) : Optional.empty();
      }
    } catch (IOException | RuntimeException e) {
      leftOut(log, log + ": found no histogram log (HdrHistogram 1.3), or a damaged one");
      due = Optional.empty();
    }
    return due;
  }

  private static Optional<DueTimes> due(byte[] log) {
    DueTimes times = new DueTimes();
    times.read(new ByteArrayInputStream(log));
    return Optional.of(times);
  }

  private Map<Metric, Histogram> read(RawFile log) {
    try {
      byte[] bytes = log.exists() ? log.bytes() : null;
      Optional<Map<Metric, Histogram>> read = bytes == null ? Optional.empty() : histograms(bytes);
      if (read.isPresent()
          && (read.get().get(Metric.RESPONSE).getTotalCount() > 0
              || summary.requests().answeredCount() == 0)) {
        return read.get();
      }
      String found =
          read.isPresent()
              ? "found no response times of " + summary.requests().answeredCount() + " requests"
              : "found no histogram log (HdrHistogram 1.3), or a damaged one";
      leftOut(log, log + ": " + (bytes == null ? "no such file" : found));
    } catch (IOException e) {
      leftOut(log, e.getMessage());
    }
    return Latencies.sum(List.of());
  }

  private void leftOut(RawFile log, String why) {
    reader.problem(log, why + "; its times are left out");
  }

  /** What the library says of a damaged log has no place, and often no words. */
  private static Optional<Map<Metric, Histogram>> histograms(byte[] log) {
    try {
      return Optional.of(Latencies.merged(new ByteArrayInputStream(log)));
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  /** Where its rules are, from the run's folder. */
  public String rulesFile() {
    return reader.within(file(RepetitionFolder.RULES));
  }

  /** The rules as they were loaded; empty if they were not kept. */
  public String rules() {
    return text(RepetitionFolder.RULES, "the rules are").orElse("");
  }

  /** The kernel's connection table after the drain; empty where none was read. */
  public Optional<String> connectionTable() {
    return text(RepetitionFolder.CONNTRACK, "the connection table is");
  }

  private Optional<String> text(String name, String what) {
    RawFile file = file(name);
    try {
      return file.exists() ? Optional.of(TextFiles.read(file)) : Optional.empty();
    } catch (IOException e) {
      reader.problem(file, e.getMessage() + "; " + what + " left out");
      return Optional.empty();
    }
  }
}
