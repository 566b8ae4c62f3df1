package dev.conntrail.experiment;

import dev.conntrail.record.Metric;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.DueTimes;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.ErrorRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.PodBin;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the load processes of one repetition wrote, put together.
 *
 * @param bins what each pod answered over time, of every client
 * @param due what became of requests, by when they were due, in order, all clients together
 * @param totals a client each
 * @param logs a histogram log a client
 * @param dueLogs likewise, by when requests were due
 */
record ClientRows(
    List<ConnectionRow> ledger,
    List<IntervalRow> intervals,
    List<ErrorRow> errors,
    List<PodBin> bins,
    List<DueRow> due,
    List<LoadTotals> totals,
    List<Path> logs,
    List<Path> dueLogs) {

  static ClientRows read(List<Place> clients, RepetitionFolder folder) throws IOException {
    ClientRows rows =
        new ClientRows(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    SortedMap<Double, DueRow> due = new TreeMap<>();
    for (Place client : clients) {
      ClientFolder files = folder.client(client.name());
      rows.ledger().addAll(files.rows(Tables.CONNECTIONS));
      rows.intervals().addAll(files.rows(Tables.INTERVALS));
      rows.errors().addAll(files.rows(Tables.ERRORS));
      rows.bins().addAll(files.rows(Tables.POD_BINS));
      files.rows(Tables.DUE).forEach(d -> due.merge(d.atMs(), d, DueRow::plus));
      rows.totals().add(Json.read(files.totals(), LoadTotals.class));
      rows.logs().add(files.latency());
      rows.dueLogs().add(files.due());
    }
    rows.due().addAll(due.values());
    return rows;
  }

  /** Histograms of all clients together. */
  Map<Metric, Histogram> latencies() throws IOException {
    return Latencies.merged(logs);
  }

  /** Response times by pod, of all clients together. */
  Map<String, Histogram> byPod() throws IOException {
    return Latencies.byPod(logs);
  }

  /**
   * Times that a request, of all phases, was sent or tried and that have no reply: where a library
   * sends one again, what it sent before is one of them.
   */
  long unanswered() {
    return totals.stream().mapToLong(t -> t.unfinished() + t.retried()).sum()
        + errors.stream().mapToLong(ErrorRow::requestsCount).sum();
  }

  /** Writes what is kept of them; what was due when, around events. */
  void keep(RepetitionFolder folder, boolean events) throws IOException {
    if (events) {
      DueTimes.read(dueLogs).write(folder.due());
      folder.write(Tables.DUE, due);
    }
    Latencies.join(folder.latency(), logs);
    folder.write(Tables.INTERVALS, intervals);
    folder.write(Tables.ERRORS, errors);
  }

  /** Removes the clients' own folders, once their rows are safe elsewhere. */
  static void remove(List<Place> clients, RepetitionFolder folder) throws IOException {
    for (Place client : clients) {
      Path own = folder.client(client.name()).path();
      if (Files.isDirectory(own)) {
        FileTrees.delete(own);
      }
    }
  }
}
