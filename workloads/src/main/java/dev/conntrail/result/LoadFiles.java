package dev.conntrail.result;

import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.ErrorRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.PodBin;
import dev.conntrail.result.row.Witness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Writes what one load process saw. */
public final class LoadFiles {
  private static final double NS_PER_MS = 1e6;

  private LoadFiles() {}

  /** Who and when, for every row. */
  public record Origin(At at, String client, String clientNode, long agreedNs) {}

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
      List<LedgerRow> ledger,
      Replies.Seen replies,
      Map<String, Long> errors) {}

  /** Writes all files of a client. */
  public static void write(ClientFolder files, Origin origin, LoadTotals totals, Seen seen)
      throws IOException {
    files.write(Tables.CONNECTIONS, seen.ledger().stream().map(e -> row(origin, e)).toList());
    files.write(Tables.INTERVALS, rows(origin, totals, seen.intervals()));
    files.write(
        Tables.ERRORS,
        seen.errors().entrySet().stream()
            .map(e -> new ErrorRow(origin.at(), origin.client(), e.getKey(), e.getValue()))
            .toList());
    files.write(Tables.POD_BINS, rows(seen.replies()));
    files.write(Tables.DUE, seen.replies().due().stream().map(d -> row(origin.at(), d)).toList());
    Latencies.write(
        files.latency(),
        seen.intervals(),
        new Latencies.ByPod(
            seen.replies().pods(), totals.measureStartMs(), totals.measuredNs() / NS_PER_MS),
        origin.at().cellId() + " repetition " + origin.at().repetition() + " " + origin.client());
    DueTimes.of(seen.replies().due()).write(files.due());
    Json.write(files.totals(), totals);
  }

  private static ConnectionRow row(Origin origin, LedgerRow e) {
    Optional<String> pod = known(e.pod());
    return new ConnectionRow(
        origin.at(),
        origin.client(),
        known(origin.clientNode()),
        e.number(),
        e.local().getAddress().getHostAddress(),
        e.local().getPort(),
        e.remote().getAddress().getHostAddress(),
        e.remote().getPort(),
        Optional.empty(),
        pod,
        known(e.node()),
        pod.map(_ -> Witness.REPLY),
        (e.bornNs() - origin.agreedNs()) / NS_PER_MS,
        e.connectNs(),
        e.diedNs() == 0 ? Double.NaN : (e.diedNs() - e.bornNs()) / NS_PER_MS,
        e.lastReplyNs() == 0 ? Double.NaN : (e.lastReplyNs() - origin.agreedNs()) / NS_PER_MS,
        e.lastReplyNs() == 0 ? Double.NaN : (e.lastRequestNs() - origin.agreedNs()) / NS_PER_MS,
        e.death(),
        e.requests(),
        e.measuredRequests(),
        e.strays(),
        Optional.empty());
  }

  private static DueRow row(At at, Replies.Due due) {
    return new DueRow(
        at,
        due.atMs(),
        due.count(),
        due.answered().getTotalCount(),
        due.failed(),
        due.unanswered());
  }

  private static Optional<String> known(String name) {
    return Optional.of(name).filter(n -> !n.isEmpty());
  }

  private static List<PodBin> rows(Replies.Seen replies) {
    List<PodBin> rows = new ArrayList<>();
    replies.failed().forEach((at, n) -> rows.add(new PodBin(at, Optional.empty(), 0, n, 0)));
    replies.retried().forEach((at, n) -> rows.add(new PodBin(at, Optional.empty(), 0, 0, n)));
    for (Replies.Pod pod : replies.pods()) {
      pod.answered().forEach((at, n) -> rows.add(new PodBin(at, known(pod.name()), n, 0, 0)));
    }
    return rows;
  }

  private static List<IntervalRow> rows(
      Origin origin, LoadTotals totals, List<Recording.Interval> intervals) {
    List<IntervalRow> rows = new ArrayList<>();
    for (Recording.Interval i : intervals) {
      Map<Metric, Histogram> histograms = i.histograms();
      CensoredTimes response = CensoredTimes.of(histograms);
      rows.add(
          new IntervalRow(
              origin.at(),
              origin.client(),
              i.startMs() - totals.startMs(),
              i.endMs() - i.startMs(),
              response.answeredCount(),
              i.errors(),
              IntervalRow.Response.of(response),
              Quantiles.percentile(histograms.get(Metric.SEND_LAG), 99),
              Quantiles.percentile(histograms.get(Metric.CONNECT), 50)));
    }
    return rows;
  }
}
