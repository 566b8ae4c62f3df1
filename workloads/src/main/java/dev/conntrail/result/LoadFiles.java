package dev.conntrail.result;

import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Writes what one load process saw. */
public final class LoadFiles {
  private static final double NS_PER_MS = 1e6;

  private LoadFiles() {}

  /** Who and when, for every row. */
  public record Origin(
      String cell, int repetition, String client, String clientNode, long agreedNs) {}

  /**
   * What a client saw.
   *
   * @param intervals histograms
   * @param ledger every connection
   * @param replies who answered when
   * @param errors failed requests and connects by kind
   */
  public record Seen(
      List<Recording.Interval> intervals,
      List<LedgerEntry> ledger,
      Replies.Seen replies,
      Map<String, Long> errors) {}

  /** Writes all files of a client. */
  public static void write(RunFolder.ClientFiles files, Origin origin, LoadTotals totals, Seen seen)
      throws IOException {
    Csv.write(
        files.connections(),
        Rows.Connection.class,
        seen.ledger().stream().map(e -> row(origin, e)).toList());
    Csv.write(files.intervals(), Rows.Interval.class, rows(origin, totals, seen.intervals()));
    Csv.write(
        files.errors(),
        Rows.Failure.class,
        seen.errors().entrySet().stream()
            .map(e -> new Rows.Failure(origin.client(), e.getKey(), e.getValue()))
            .toList());
    Csv.write(files.podsOverTime(), PodsOverTime.class, rows(origin, seen.replies()));
    Latencies.write(
        files.latency(),
        seen.intervals(),
        new Latencies.ByPod(
            seen.replies().pods(), totals.measureStartMs(), totals.measuredNs() / NS_PER_MS),
        origin.cell() + " repetition " + origin.repetition() + " " + origin.client());
    Json.write(files.totals(), totals);
  }

  private static Rows.Connection row(Origin origin, LedgerEntry e) {
    return new Rows.Connection(
        origin.cell(),
        origin.repetition(),
        origin.client(),
        origin.clientNode().isEmpty() ? Csv.MISSING : origin.clientNode(),
        e.number(),
        e.local().getAddress().getHostAddress(),
        e.local().getPort(),
        e.remote().getAddress().getHostAddress(),
        e.remote().getPort(),
        e.pod().isEmpty() ? Csv.MISSING : e.pod(),
        e.node().isEmpty() ? Csv.MISSING : e.node(),
        (e.bornNs() - origin.agreedNs()) / NS_PER_MS,
        e.connectNs(),
        e.diedNs() == 0 ? Double.NaN : (e.diedNs() - e.bornNs()) / NS_PER_MS,
        e.lastReplyNs() == 0 ? Double.NaN : (e.lastReplyNs() - origin.agreedNs()) / NS_PER_MS,
        e.lastReplyNs() == 0 ? Double.NaN : (e.lastRequestNs() - origin.agreedNs()) / NS_PER_MS,
        e.death().word(),
        e.requests(),
        e.measuredRequests(),
        e.strays());
  }

  private static List<PodsOverTime> rows(Origin origin, Replies.Seen replies) {
    List<PodsOverTime> rows = new ArrayList<>();
    replies
        .failed()
        .forEach((at, n) -> rows.add(new PodsOverTime(origin.client(), at, Csv.MISSING, 0, n)));
    for (Replies.Pod pod : replies.pods()) {
      pod.answered()
          .forEach((at, n) -> rows.add(new PodsOverTime(origin.client(), at, pod.name(), n, 0)));
    }
    rows.sort(Comparator.comparingDouble(PodsOverTime::atMs));
    return rows;
  }

  private static List<Rows.Interval> rows(
      Origin origin, LoadTotals totals, List<Recording.Interval> intervals) {
    List<Rows.Interval> rows = new ArrayList<>();
    for (Recording.Interval i : intervals) {
      Histogram response = i.histograms().get(Metric.RESPONSE);
      rows.add(
          new Rows.Interval(
              origin.client(),
              i.startMs() - totals.startMs(),
              i.endMs() - i.startMs(),
              response.getTotalCount(),
              i.errors(),
              percentile(response, 50),
              percentile(response, 99),
              percentile(response, 100),
              percentile(i.histograms().get(Metric.SEND_LAG), 99),
              percentile(i.histograms().get(Metric.CONNECT), 50)));
    }
    return rows;
  }

  /** A percentile in nanoseconds; not a number if the histogram is empty. */
  public static double percentile(Histogram h, double p) {
    return h.getTotalCount() == 0
        ? Double.NaN
        : p >= 100 ? h.getMaxValue() : h.getValueAtPercentile(p);
  }
}
