package dev.conntrail.experiment;

import dev.conntrail.analysis.CrossCheck;
import dev.conntrail.analysis.KernelTable;
import dev.conntrail.analysis.Witnesses;
import dev.conntrail.analysis.middle.CounterCheck;
import dev.conntrail.analysis.middle.SeenInMiddle;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EchoRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  private static final Histogram NOTHING = new Histogram(1);

  /** Merges all clients' files; their folders are removed once their rows are safe elsewhere. */
  static RepetitionRows merge(Witnessed seen, RepetitionFolder folder) throws IOException {
    ClientRows load = ClientRows.read(seen.clients(), folder);
    CrossCheck.Outcome check = crossCheck(seen, load);
    List<ConnectionRow> ledger = check.ledger();
    List<DistributionRow> distribution = distribution(seen, ledger, load.byPod());
    List<CounterRow> counters = RepetitionCounters.of(seen, load, ledger);
    List<ProxiedRow> proxied = new Legs(seen, ledger).rows();
    SummaryRow summary =
        new RepetitionSummary(
                seen,
                load,
                ledger,
                distribution,
                check,
                proxyCountsAgree(seen, load, ledger, counters, proxied))
            .row(load.latencies());
    load.keep(folder, !seen.cell().course().events().isEmpty());
    folder.write(Tables.PODS_OVER_TIME, PodsOverTime.of(seen, load.bins(), ledger));
    keepWitnesses(seen, ledger, proxied, folder);
    folder.write(Tables.COUNTERS, counters);
    folder.write(Tables.PROCESSES, processes(seen, load.totals()));
    ClientRows.remove(seen.allClients(), folder);
    return new RepetitionRows(
        summary, ledger, distribution, check.disagreements(), load.intervals());
  }

  private static void keepWitnesses(
      Witnessed seen, List<ConnectionRow> ledger, List<ProxiedRow> proxied, RepetitionFolder folder)
      throws IOException {
    folder.write(
        Tables.ECHO,
        seen.echo().connections().stream().map(c -> new EchoRow(seen.at(), c)).toList());
    if (!seen.proxied().isEmpty()) {
      folder.write(Tables.PROXIED, proxied);
    }
    if (seen.kernel().isPresent()) {
      Files.writeString(folder.conntrack(), ofThisRepetition(seen.kernel().get(), ledger));
    }
    if (seen.ipvs().isPresent()) {
      Files.writeString(folder.ipvs(), seen.ipvs().get().listing());
    }
  }

  private static boolean proxyCountsAgree(
      Witnessed seen,
      ClientRows load,
      List<ConnectionRow> ledger,
      List<CounterRow> counters,
      List<ProxiedRow> proxied) {
    return CounterCheck.of(
            new SeenInMiddle(
                seen.at(),
                seen.cell().protocol().streams(),
                counters,
                proxied,
                ledger,
                seen.echo().connections(),
                load.unanswered(),
                SeenInMiddle.struck(seen.events()),
                !seen.load().lost().isEmpty() || seen.lostPods() + seen.uncountedPods() > 0))
        .stream()
        .noneMatch(ProxyCountRow::differs);
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
            seen.echo().heard(),
            seen.ended(),
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
}
