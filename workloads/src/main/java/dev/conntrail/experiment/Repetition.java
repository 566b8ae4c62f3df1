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
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Merges all clients' files; their folders are removed once their rows are safe elsewhere. */
  static Rowset merge(
      Cell cell,
      int number,
      RunFolder.Repetition folder,
      Testbed testbed,
      List<Rows.EchoConnection> echo,
      Optional<String> conntrack)
      throws IOException {
    List<RunFolder.ClientFiles> clients =
        testbed.clients().stream().map(c -> folder.client(c.name())).toList();
    List<Rows.Connection> ledger = new ArrayList<>();
    List<Rows.Interval> intervals = new ArrayList<>();
    List<Rows.Failure> errors = new ArrayList<>();
    List<LoadTotals> totals = new ArrayList<>();
    for (RunFolder.ClientFiles client : clients) {
      ledger.addAll(Csv.read(client.connections(), Rows.Connection.class));
      intervals.addAll(Csv.read(client.intervals(), Rows.Interval.class));
      errors.addAll(Csv.read(client.errors(), Rows.Failure.class));
      totals.add(Json.read(client.totals(), LoadTotals.class));
    }
    List<Path> logs = clients.stream().map(RunFolder.ClientFiles::latency).toList();
    Map<Metric, Histogram> latencies = Latencies.merged(logs);
    Latencies.join(folder.latency(), logs);
    Csv.write(folder.intervals(), Rows.Interval.class, intervals);
    Csv.write(folder.errors(), Rows.Failure.class, errors);
    conntrack.ifPresent(text -> writeText(folder.conntrack(), text));
    List<Rows.Distribution> distribution = distribution(cell, number, testbed.pods(), ledger);
    CrossCheck.Outcome check = crossCheck(cell, testbed, ledger, echo, conntrack);
    Rows.Summary summary =
        summary(
            cell, number, totals, latencies, ledger, distribution, check, conntrack.isPresent());
    Csv.write(
        folder.counters(), Rows.Counter.class, counters(testbed, totals, ledger, echo, conntrack));
    for (RunFolder.ClientFiles client : clients) {
      RunFolder.deleteTree(client.path());
    }
    return new Rowset(summary, ledger, distribution, check.disagreements());
  }

  private static void writeText(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new TestbedException("cannot write " + file, e);
    }
  }

  private static CrossCheck.Outcome crossCheck(
      Cell cell,
      Testbed testbed,
      List<Rows.Connection> ledger,
      List<Rows.EchoConnection> echo,
      Optional<String> conntrack) {
    var clients = testbed.clients().stream().map(Place::address).collect(Collectors.toSet());
    Map<String, String> podNames =
        testbed.pods().stream().collect(Collectors.toMap(Place::address, Place::name, (a, _) -> a));
    boolean direct = cell.dataPlane() == DataPlane.DIRECT;
    return CrossCheck.compare(
        ledger,
        echo,
        conntrack.map(text -> CrossCheck.kernelTable(text, clients, podNames, direct)),
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
      Cell cell,
      int number,
      List<LoadTotals> totals,
      Map<Metric, Histogram> latencies,
      List<Rows.Connection> ledger,
      List<Rows.Distribution> distribution,
      CrossCheck.Outcome check,
      boolean kernel) {
    long due = totals.stream().mapToLong(LoadTotals::due).sum();
    long answered = totals.stream().mapToLong(LoadTotals::answered).sum();
    long errors = totals.stream().mapToLong(LoadTotals::errors).sum();
    long unfinished = totals.stream().mapToLong(LoadTotals::unfinished).sum();
    double seconds =
        totals.stream().mapToDouble(LoadTotals::measuredNs).average().orElse(0) / NS_PER_S;
    double busy = totals.stream().mapToDouble(t -> orNaN(t.hostBusyPct())).max().orElse(Double.NaN);
    double steal =
        totals.stream().mapToDouble(t -> orNaN(t.hostStealPct())).max().orElse(Double.NaN);
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
                fixed ? cell.connections() : 0,
                ledger.size(),
                check.disagreements().size(),
                early));
    String agreement =
        (check.disagreements().isEmpty() ? "agree" : "differ")
            + (kernel ? "" : " (no kernel table)");
    String status = early ? "partial" : marks.isEmpty() ? "ok" : "marked";
    return new Rows.Summary(
        cell.id(),
        number,
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
        100.0 * totals.stream().mapToLong(LoadTotals::cpuNs).sum() / (seconds * NS_PER_S),
        busy,
        steal,
        agreement,
        check.compared(),
        check.disagreements().size());
  }

  private static List<Rows.Counter> counters(
      Testbed testbed,
      List<LoadTotals> totals,
      List<Rows.Connection> ledger,
      List<Rows.EchoConnection> echo,
      Optional<String> conntrack) {
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
    conntrack.ifPresent(text ->
        counters.add(new Rows.Counter("kernel", "connections_count", text.lines().count())));
    for (int i = 0; i < totals.size(); i++) {
      counters.add(
          new Rows.Counter(testbed.clients().get(i).name(), "cpu_ns", totals.get(i).cpuNs()));
    }
    return counters;
  }

  private static double orNaN(Double d) {
    return d == null ? Double.NaN : d;
  }
}
