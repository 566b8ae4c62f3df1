package dev.conntrail.experiment;

import dev.conntrail.analysis.CrossCheck;
import dev.conntrail.analysis.Marks;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Pooling;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What the load processes and the other witnesses of one repetition left, put together. */
final class Repetition {
  private static final double NS_PER_S = 1e9;

  /**
   * The rows of one repetition.
   *
   * @param summary its summary
   * @param connections its ledger
   * @param distribution counts by pod
   * @param disagreements rows on which the witnesses differ
   */
  record Rowset(
      Rows.Summary summary,
      List<Rows.Connection> connections,
      List<Rows.Distribution> distribution,
      List<Rows.Disagreement> disagreements) {}

  private Repetition() {}

  /**
   * Everything that was seen of one repetition.
   *
   * @param pods as they were when it ended
   * @param kernel empty where none can be had
   * @param ipvs empty in other modes
   */
  record Seen(
      Cell cell,
      int number,
      List<Place> pods,
      List<Place> clients,
      LoadProcesses.Outcome load,
      Echo.Counted echo,
      Optional<Stage.KernelView> kernel,
      Optional<Stage.IpvsView> ipvs) {}

  /** Merges all clients' files; their folders are removed once their rows are safe elsewhere. */
  static Rowset merge(Seen seen, RunFolder.Repetition folder) throws IOException {
    Cell cell = seen.cell();
    List<Place> clients =
        seen.clients().stream()
            .limit(cell.clients())
            .filter(c -> !seen.load().lost().containsKey(c))
            .toList();
    List<Rows.Connection> ledger = new ArrayList<>();
    List<Rows.Interval> intervals = new ArrayList<>();
    List<Rows.Failure> errors = new ArrayList<>();
    List<LoadTotals> totals = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    for (Place client : clients) {
      RunFolder.ClientFiles files = folder.client(client.name());
      ledger.addAll(Csv.read(files.connections(), Rows.Connection.class));
      intervals.addAll(Csv.read(files.intervals(), Rows.Interval.class));
      errors.addAll(Csv.read(files.errors(), Rows.Failure.class));
      totals.add(Json.read(files.totals(), LoadTotals.class));
      logs.add(files.latency());
    }
    Map<Metric, Histogram> latencies = Latencies.merged(logs);
    Latencies.join(folder.latency(), logs);
    Csv.write(folder.intervals(), Rows.Interval.class, intervals);
    Csv.write(folder.errors(), Rows.Failure.class, errors);
    if (seen.kernel().isPresent()) {
      Files.writeString(folder.conntrack(), ofThisRepetition(seen.kernel().get(), ledger));
    }
    if (seen.ipvs().isPresent()) {
      Files.writeString(folder.ipvs(), seen.ipvs().get().listing());
    }
    List<Rows.Distribution> distribution = distribution(cell, seen.number(), seen.pods(), ledger);
    CrossCheck.Outcome check = crossCheck(seen, clients, ledger, unanswered(totals, errors));
    Rows.Summary summary = summary(seen, totals, latencies, ledger, distribution, check);
    Csv.write(folder.counters(), Rows.Counter.class, counters(seen, clients, totals, ledger));
    for (Place client : seen.clients()) {
      Path own = folder.client(client.name()).path();
      if (Files.isDirectory(own)) {
        RunFolder.deleteTree(own);
      }
    }
    return new Rowset(summary, ledger, distribution, check.disagreements());
  }

  /** The lines that were not there before, and those of connections that took an end anew. */
  private static String ofThisRepetition(Stage.KernelView view, List<Rows.Connection> ledger) {
    if (view.before().isEmpty()) {
      return view.listing();
    }
    Set<String> before = view.before().lines().map(CrossCheck::end).collect(Collectors.toSet());
    Set<String> mine =
        ledger.stream()
            .map(c ->
                CrossCheck.end(c.localAddress(), c.remoteAddress(), c.localPort(), c.remotePort()))
            .collect(Collectors.toSet());
    return view.listing()
        .lines()
        .filter(l -> !before.contains(CrossCheck.end(l)) || mine.contains(CrossCheck.end(l)))
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }

  /** Requests, of all phases, that were sent or tried and have no reply. */
  private static long unanswered(List<LoadTotals> totals, List<Rows.Failure> errors) {
    return totals.stream().mapToLong(LoadTotals::unfinished).sum()
        + errors.stream().mapToLong(Rows.Failure::requestsCount).sum();
  }

  /** Compares the witnesses of every connection, but for those that a lost process kept. */
  private static CrossCheck.Outcome crossCheck(
      Seen seen, List<Place> clients, List<Rows.Connection> ledger, long unanswered) {
    Set<String> addresses = clients.stream().map(Place::address).collect(Collectors.toSet());
    Map<String, Place> pods =
        seen.pods().stream().collect(Collectors.toMap(Place::name, p -> p, (a, _) -> a));
    Map<String, String> names =
        seen.pods().stream().collect(Collectors.toMap(Place::address, Place::name, (a, _) -> a));
    Set<String> remotes =
        ledger.stream().map(Rows.Connection::remoteAddress).collect(Collectors.toSet());
    boolean direct = seen.cell().dataPlane() == DataPlane.DIRECT;
    Set<String> lost = seen.echo().lost();
    return CrossCheck.compare(
        new CrossCheck.Witnesses(
            ledger.stream().filter(c -> !lost.contains(c.pod())).toList(),
            seen.echo().connections().stream()
                .filter(e -> addresses.contains(e.clientAddress()))
                .toList(),
            seen.kernel()
                .map(view -> {
                  Map<CrossCheck.End, CrossCheck.Answer> table =
                      CrossCheck.kernelTable(view.listing(), addresses, remotes, names, direct);
                  table.values().removeIf(answer -> lost.contains(answer.pod()));
                  return table;
                }),
            seen.kernel()
                .map(view ->
                    CrossCheck.kernelTable(view.before(), addresses, remotes, names, direct)
                        .keySet())
                .orElse(Set.of()),
            seen.kernel().map(Stage.KernelView::keepsClosedMs).orElse(Double.MAX_VALUE),
            unanswered,
            pods.values().stream().collect(Collectors.toMap(Place::name, Place::node))),
        direct);
  }

  private static List<Rows.Distribution> distribution(
      Cell cell, int number, List<Place> pods, List<Rows.Connection> ledger) {
    return pods.stream()
        .map(pod -> {
          List<Rows.Connection> here =
              ledger.stream().filter(c -> c.pod().equals(pod.name())).toList();
          return new Rows.Distribution(
              cell.id(),
              number,
              pod.name(),
              pod.node(),
              here.size(),
              here.stream().mapToLong(Rows.Connection::measuredRequestsCount).sum());
        })
        .toList();
  }

  private static Rows.Summary summary(
      Seen seen,
      List<LoadTotals> totals,
      Map<Metric, Histogram> latencies,
      List<Rows.Connection> ledger,
      List<Rows.Distribution> distribution,
      CrossCheck.Outcome check) {
    Cell cell = seen.cell();
    long due = totals.stream().mapToLong(LoadTotals::due).sum();
    long answered = totals.stream().mapToLong(LoadTotals::answered).sum();
    long errors = totals.stream().mapToLong(LoadTotals::errors).sum();
    long unfinished = totals.stream().mapToLong(LoadTotals::unfinished).sum();
    double seconds =
        totals.stream().mapToDouble(LoadTotals::measuredNs).average().orElse(0) / NS_PER_S;
    double busy = totals.stream().mapToDouble(t -> t.cpu().hostBusyPct()).max().orElse(Double.NaN);
    double steal =
        totals.stream().mapToDouble(t -> t.cpu().hostStealPct()).max().orElse(Double.NaN);
    double target = cell.load() instanceof LoadModel.Open(int rate) ? rate : Double.NaN;
    long strays = ledger.stream().mapToLong(Rows.Connection::straysCount).sum();
    boolean fixed = cell.protocol().longLived() && cell.pooling() == Pooling.DEDICATED;
    boolean early = totals.stream().anyMatch(LoadTotals::drainedEarly);
    Histogram response = latencies.get(Metric.RESPONSE);
    Histogram service = latencies.get(Metric.SERVICE);
    Histogram connect = latencies.get(Metric.CONNECT);
    double lag =
        cell.load() instanceof LoadModel.Open
            ? LoadFiles.percentile(latencies.get(Metric.SEND_LAG), 99)
            : Double.NaN;
    List<String> marks =
        Marks.of(
            new Marks.Evidence(
                cell.load() instanceof LoadModel.Open,
                target,
                answered / seconds,
                lag,
                busy,
                steal,
                errors,
                unfinished,
                strays,
                fixed && !cell.provoking() ? cell.connections() : 0,
                cell.provoking(),
                ledger.size(),
                check.disagreements().size(),
                early,
                seen.load().lost().size(),
                seen.echo().lost().size(),
                seen.load().startSpreadMs()));
    String agreement =
        (check.disagreements().isEmpty() ? "agree" : "differ")
            + (seen.kernel().isPresent() ? "" : " (no kernel table)");
    String status = early ? "partial" : marks.isEmpty() ? "ok" : "marked";
    return new Rows.Summary(
        cell.id(),
        seen.number(),
        status,
        marks.isEmpty() ? "none" : String.join(";", marks),
        Instant.ofEpochMilli(totals.getFirst().startMs()).toString(),
        due,
        answered,
        errors,
        unfinished,
        target,
        answered / seconds,
        ledger.size(),
        strays,
        distribution.stream().filter(d -> d.connectionsCount() > 0).count(),
        response.getTotalCount() == 0 ? Double.NaN : response.getMean(),
        LoadFiles.percentile(response, 50),
        LoadFiles.percentile(response, 90),
        LoadFiles.percentile(response, 99),
        LoadFiles.percentile(response, 99.9),
        LoadFiles.percentile(response, 100),
        LoadFiles.percentile(service, 50),
        LoadFiles.percentile(service, 99),
        lag,
        LoadFiles.percentile(connect, 50),
        LoadFiles.percentile(connect, 99),
        LoadFiles.percentile(latencies.get(Metric.FAILURE), 50),
        LoadFiles.percentile(latencies.get(Metric.FAILURE), 100),
        100.0 * totals.stream().mapToLong(t -> t.cpu().processNs()).sum() / (seconds * NS_PER_S),
        busy,
        steal,
        agreement,
        check.compared(),
        check.disagreements().size());
  }

  private static List<Rows.Counter> counters(
      Seen seen, List<Place> clients, List<LoadTotals> totals, List<Rows.Connection> ledger) {
    List<Rows.EchoConnection> echo = seen.echo().connections();
    List<Rows.Counter> counters = new ArrayList<>();
    counters.add(new Rows.Counter("ledger", "connections_count", ledger.size()));
    counters.add(
        new Rows.Counter(
            "ledger",
            "requests_count",
            ledger.stream().mapToLong(Rows.Connection::requestsCount).sum()));
    counters.add(new Rows.Counter("pods", "connections_count", echo.size()));
    counters.add(
        new Rows.Counter(
            "pods",
            "requests_count",
            echo.stream().mapToLong(Rows.EchoConnection::requestsCount).sum()));
    seen.kernel()
        .ifPresent(view ->
            counters.add(
                new Rows.Counter("kernel", "connections_count", view.listing().lines().count())));
    seen.ipvs().ifPresent(view -> counters.addAll(view.counters()));
    counters.add(new Rows.Counter("load", "start_spread_ms", seen.load().startSpreadMs()));
    for (int i = 0; i < totals.size(); i++) {
      counters.add(
          new Rows.Counter(clients.get(i).name(), "cpu_ns", totals.get(i).cpu().processNs()));
    }
    return counters;
  }
}
