package dev.conntrail.experiment;

import dev.conntrail.analysis.CrossCheck;
import dev.conntrail.analysis.KernelTable;
import dev.conntrail.analysis.Witnesses;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.EchoRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The rows of one repetition, from what load processes, pods and kernel said.
 *
 * @param summary its summary
 * @param connections its ledger
 * @param distribution counts by pod
 * @param disagreements connections on which the witnesses differ
 * @param intervals a row a client and second
 */
record RepetitionRows(
    SummaryRow summary,
    List<ConnectionRow> connections,
    List<DistributionRow> distribution,
    List<DisagreementRow> disagreements,
    List<IntervalRow> intervals) {

  private static final double MS_PER_S = 1000;
  private static final Histogram NOTHING = new Histogram(1);

  /** Merges all clients' files; their folders are removed once their rows are safe elsewhere. */
  static RepetitionRows merge(Witnessed seen, RepetitionFolder folder) throws IOException {
    ClientRows load = ClientRows.read(seen.clients(), folder);
    CrossCheck.Outcome check = crossCheck(seen, load);
    List<ConnectionRow> ledger = check.ledger();
    List<DistributionRow> distribution = distribution(seen, ledger, load.byPod());
    SummaryRow summary =
        new RepetitionSummary(seen, load, ledger, distribution, check).row(load.latencies());
    load.keep(folder, !seen.cell().course().events().isEmpty());
    folder.write(Tables.PODS_OVER_TIME, PodsOverTime.of(seen, load.bins(), ledger));
    keepWitnesses(seen, ledger, folder);
    folder.write(Tables.COUNTERS, counters(seen, load, ledger));
    folder.write(Tables.PROCESSES, processes(seen, load.totals()));
    ClientRows.remove(seen.allClients(), folder);
    return new RepetitionRows(
        summary, ledger, distribution, check.disagreements(), load.intervals());
  }

  private static void keepWitnesses(
      Witnessed seen, List<ConnectionRow> ledger, RepetitionFolder folder) throws IOException {
    folder.write(
        Tables.ECHO,
        seen.echo().connections().stream().map(c -> new EchoRow(seen.at(), c)).toList());
    if (!seen.proxied().isEmpty()) {
      folder.write(Tables.PROXIED, new Legs(seen, ledger).rows());
    }
    if (seen.kernel().isPresent()) {
      Files.writeString(folder.conntrack(), ofThisRepetition(seen.kernel().get(), ledger));
    }
    if (seen.ipvs().isPresent()) {
      Files.writeString(folder.ipvs(), seen.ipvs().get().listing());
    }
  }

  /** The lines that were not there before, and those of connections that took an end anew. */
  private static String ofThisRepetition(Stage.KernelView view, List<ConnectionRow> ledger) {
    if (view.before().isEmpty()) {
      return view.listing();
    }
    Set<String> before = view.before().lines().map(KernelTable::name).collect(Collectors.toSet());
    Set<String> mine =
        ledger.stream()
            .map(c ->
                KernelTable.name(
                    c.localAddress(), c.remoteAddress(), c.localPort(), c.remotePort()))
            .collect(Collectors.toSet());
    return view.listing()
        .lines()
        .filter(l -> !before.contains(KernelTable.name(l)) || mine.contains(KernelTable.name(l)))
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }

  /** Compares the witnesses of every connection. */
  private static CrossCheck.Outcome crossCheck(Witnessed seen, ClientRows load) {
    return CrossCheck.compare(
        new Witnesses(
            seen.at(),
            new Legs(seen, load.ledger()).all(load.unanswered()),
            seen.echo().lost(),
            seen.echo().ended(),
            seen.made(),
            seen.pods().stream()
                .map(p -> new Witnesses.PlacedPod(p.name(), p.node(), p.address()))
                .toList()));
  }

  private static List<DistributionRow> distribution(
      Witnessed seen, List<ConnectionRow> ledger, Map<String, Histogram> times) {
    boolean pinned = seen.cell().route().pins();
    List<ConnectionRow> toPods = pinned ? ledger : new Legs(seen, ledger).ofProxies();
    Map<String, List<ConnectionRow>> byPod =
        toPods.stream()
            .filter(c -> c.pod().isPresent())
            .collect(Collectors.groupingBy(c -> c.pod().get()));
    List<DistributionRow> rows = new ArrayList<>();
    for (Place pod : seen.pods()) {
      List<ConnectionRow> here = byPod.getOrDefault(pod.name(), List.of());
      Histogram answers = times.getOrDefault(pod.name(), NOTHING);
      rows.add(
          new DistributionRow(
              seen.at(),
              rows.size() + 1,
              pod.name(),
              pod.node(),
              here.size(),
              pinned
                  ? here.stream().mapToLong(ConnectionRow::measuredRequestsCount).sum()
                  : answers.getTotalCount(),
              Times.of(answers)));
    }
    return rows;
  }

  private static List<CounterRow> counters(
      Witnessed seen, ClientRows load, List<ConnectionRow> ledger) {
    List<EchoCount> echo = seen.echo().connections();
    List<CounterRow> counters = new ArrayList<>();
    counters.add(count(seen, "ledger", "connections_count", ledger.size()));
    counters.add(
        count(
            seen,
            "ledger",
            "requests_count",
            ledger.stream().mapToLong(ConnectionRow::requestsCount).sum()));
    counters.add(counter(seen, "ledger", "opened_per_s", openedPerS(seen, ledger)));
    openedBeforePerS(ledger)
        .ifPresent(n -> counters.add(counter(seen, "ledger", "opened_before_per_s", n)));
    counters.add(count(seen, "pods", "connections_count", echo.size()));
    counters.add(
        count(
            seen,
            "pods",
            "requests_count",
            echo.stream().mapToLong(EchoCount::requestsCount).sum()));
    seen.kernel()
        .ifPresent(view ->
            counters.add(
                count(seen, "kernel", "connections_count", view.listing().lines().count())));
    seen.ipvs().ifPresent(view -> counters.addAll(view.counters(seen.at())));
    counters.addAll(seen.helpers().counters(seen.at()));
    counters.add(counter(seen, "load", "start_spread_ms", seen.load().startSpreadMs()));
    List<LoadTotals> totals = load.totals();
    for (int i = 0; i < totals.size(); i++) {
      counters.addAll(own(seen, seen.clients().get(i).name(), totals.get(i)));
    }
    return counters;
  }

  /** Connections that were made in the measure phase, a second. */
  private static double openedPerS(Witnessed seen, List<ConnectionRow> ledger) {
    Phases phases = seen.cell().course().phases();
    double fromMs = phases.beforeMeasure().toMillis();
    double toMs = fromMs + phases.measure().toMillis();
    long opened = ledger.stream().filter(c -> c.bornMs() >= fromMs && c.bornMs() < toMs).count();
    return opened * MS_PER_S / (toMs - fromMs);
  }

  /** Connections that were made before the first phase, a second, while they were. */
  private static OptionalDouble openedBeforePerS(List<ConnectionRow> ledger) {
    DoubleSummaryStatistics births =
        ledger.stream().mapToDouble(ConnectionRow::bornMs).filter(ms -> ms < 0).summaryStatistics();
    double spanMs = births.getMax() - births.getMin();
    return spanMs > 0
        ? OptionalDouble.of(births.getCount() * MS_PER_S / spanMs)
        : OptionalDouble.empty();
  }

  private static List<ProcessRow> processes(Witnessed seen, List<LoadTotals> totals) {
    List<ProcessRow> rows = new ArrayList<>();
    for (int i = 0; i < totals.size(); i++) {
      long cpuNs = totals.get(i).cpu().processNs();
      Optional.ofNullable(seen.processes().clients().get(seen.clients().get(i).name()))
          .map(now -> ProcessMeters.ofClient(seen.at(), now, cpuNs))
          .ifPresent(rows::add);
    }
    rows.addAll(seen.processes().measured());
    return rows;
  }

  /** What tells whether a client was short of CPU, and what many connections held. */
  private static List<CounterRow> own(Witnessed seen, String client, LoadTotals totals) {
    Stream<CounterRow> held =
        Stream.of(counter(seen, client, "held_bytes", totals.heldBytes()))
            .filter(_ -> !Double.isNaN(totals.heldBytes()));
    Stream<CounterRow> cpu =
        Stream.of(
            count(seen, client, "cpu_ns", totals.cpu().processNs()),
            counter(seen, client, "run_queue_ns", totals.cpu().runQueueNs()),
            count(seen, client, "cpus_count", totals.cpu().cpus()),
            count(seen, client, "measured_ns", totals.measuredNs()),
            count(seen, client, "gc_count", totals.cpu().gcCount()),
            count(seen, client, "gc_ms", totals.cpu().gcMs()),
            count(seen, client, "gc_pause_ms", totals.cpu().gcPauseMs()),
            counter(seen, client, "pacing_lag_p99_ns", totals.pacingLagP99Ns()));
    return Stream.concat(cpu, held).toList();
  }

  private static CounterRow count(Witnessed seen, String source, String name, long value) {
    return counter(seen, source, name, (double) value);
  }

  private static CounterRow counter(Witnessed seen, String source, String name, double value) {
    return new CounterRow(seen.at(), source, name, value);
  }
}
