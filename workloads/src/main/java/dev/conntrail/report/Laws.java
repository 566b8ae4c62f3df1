package dev.conntrail.report;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Findings on what modes and schedulers do: in turns, over nodes, to changes, to idleness. */
final class Laws {
  private static final String IPVS = "ipvs";
  private static final String EFFECTS =
      "effects.csv, sums over repetitions; from the ledger of each repetition";

  private final RunData run;
  private final List<SideBySide> groups;
  private final List<Findings.Finding> findings = new ArrayList<>();

  private Laws(RunData run) {
    this.run = run;
    this.groups = SideBySide.of(run);
  }

  static List<Findings.Finding> of(RunData run) {
    Laws laws = new Laws(run);
    laws.turns();
    laws.hashing();
    laws.nodes();
    laws.scaleOut();
    laws.removal();
    laws.disruption();
    laws.idle();
    laws.reuse();
    laws.full();
    return laws.findings;
  }

  private void add(boolean good, String text, String how) {
    findings.add(new Findings.Finding(text, how, good));
  }

  private static boolean plain(Rows.Cells cell) {
    return cell.changes().equals(Csv.MISSING)
        && cell.settings().equals(Csv.MISSING)
        && cell.idleMs() == 0;
  }

  /** rr takes pods in turn, each node for itself. */
  private void turns() {
    int repetitions = 0;
    int even = 0;
    long worst = 0;
    for (Rows.Cells cell : run.measured()) {
      if (!cell.dataPlane().equals(IPVS) || !cell.ipvsScheduler().equals("rr") || !plain(cell)) {
        continue;
      }
      boolean cluster = !run.environment().cluster().isEmpty();
      int nodes = cluster ? cell.clientsCount() : cell.nodesCount();
      for (Rows.Summary s : run.summariesOf(cell)) {
        long[] counts =
            run.distribution().stream()
                .filter(d -> d.cell().equals(s.cell()) && d.repetition() == s.repetition())
                .mapToLong(Rows.Distribution::connectionsCount)
                .sorted()
                .toArray();
        long spread = counts.length == 0 ? 0 : counts[counts.length - 1] - counts[0];
        repetitions++;
        even += spread <= nodes ? 1 : 0;
        worst = Math.max(worst, spread);
      }
    }
    if (repetitions > 0) {
      add(
          even == repetitions,
          "Through ipvs with scheduler rr, kube-proxy's own, connections are dealt in turn: "
              + even
              + " of "
              + repetitions
              + " repetitions are even to within a connection a node; the largest difference between pods is "
              + worst
              + ".",
          "largest minus smallest number of connections of a pod in a repetition, distribution.csv; each node takes its own turns, so one connection for each node with clients is allowed");
    }
  }

  /** sh and dh: how many pods the clients' connections reach. */
  private void hashing() {
    List<String> parts = new ArrayList<>();
    for (Rows.Cells cell : run.measured()) {
      if (List.of("sh", "dh", "mh").contains(cell.ipvsScheduler()) && plain(cell)) {
        double pods =
            run.summariesOf(cell).stream()
                .mapToLong(Rows.Summary::podsReachedCount)
                .average()
                .orElse(Double.NaN);
        parts.add(
            cell.ipvsScheduler()
                + ": "
                + cell.workload()
                + (cell.clientsCount() == 1 ? ", 1 client" : "")
                + ", "
                + Text.number(pods)
                + " of "
                + cell.podsCount()
                + " pods reached");
      }
    }
    if (!parts.isEmpty()) {
      add(
          true,
          "A scheduler that hashes spreads what it hashes (sh a client's address, so that all connections of a client go to one pod; dh the Service's, so that all connections go to one; mh the client's address and port): "
              + String.join("; ", parts)
              + ".",
          "pods_reached_count, summary.csv, means over repetitions");
    }
  }

  /** The same workload on one node and on several. */
  private void nodes() {
    for (Rows.Cells many : run.measured()) {
      if (many.nodesCount() == 1 || !plain(many)) {
        continue;
      }
      Optional<Rows.Cells> one =
          run.measured().stream()
              .filter(c ->
                  c.nodesCount() == 1
                      && plain(c)
                      && c.testbed().equals(many.testbed())
                      && c.variant().equals(many.variant())
                      && c.protocol().equals(many.protocol())
                      && c.connectionsCount() == many.connectionsCount()
                      && c.clientsCount() == many.clientsCount()
                      && c.podsCount() == many.podsCount())
              .findFirst();
      Optional<Rows.Verdict> a = one.flatMap(c -> run.verdict(c, Verdicts.CONNECTIONS));
      Optional<Rows.Verdict> b = run.verdict(many, Verdicts.CONNECTIONS);
      if (a.isPresent() && b.isPresent()) {
        boolean turns = many.ipvsScheduler().equals("rr");
        add(
            true,
            (turns
                    ? "Each node takes its own turns, and all begin with the same pod: "
                    : "A draw does not know of nodes: ")
                + many.connectionsCount()
                + " connections through "
                + many.variant()
                + " left "
                + Text.number(a.get().idleMeanCount())
                + " of "
                + many.podsCount()
                + " pods idle from one node, "
                + Text.number(b.get().idleMeanCount())
                + " from "
                + many.nodesCount()
                + " nodes that start together (busiest over mean "
                + Text.number(a.get().maxOverMean())
                + " and "
                + Text.number(b.get().maxOverMean())
                + ")"
                + (turns
                    ? "."
                    : "; chance leaves "
                        + Text.number(b.get().idleExpectedCount())
                        + " either way."),
            "verdicts.csv, connections, "
                + Text.counted(run.summariesOf(many).size(), "repetition")
                + ", "
                + many.testbed());
      }
    }
  }

  /** What each variant of a group shows of a cause. */
  private String each(
      SideBySide group,
      java.util.function.Predicate<EffectSums> which,
      Function<EffectSums, String> text) {
    return group.cells().stream()
        .flatMap(c ->
            EffectSums.of(run, c).stream()
                .filter(which)
                .limit(1)
                .map(e -> c.variant() + " " + text.apply(e)))
        .collect(Collectors.joining("; "));
  }

  private List<SideBySide> having(java.util.function.Predicate<EffectSums> which) {
    return groups.stream()
        .filter(g -> EffectSums.of(run, g.any()).stream().anyMatch(which))
        .toList();
  }

  private void scaleOut() {
    for (SideBySide group : having(EffectSums::adds)) {
      Rows.Change change =
          run.changes().stream()
              .filter(c -> c.cell().equals(group.any().cell()) && c.change().startsWith("add"))
              .findFirst()
              .orElseThrow();
      boolean longLived = !group.any().protocol().equals(Findings.CONTROL);
      add(
          true,
          "Scale-out, "
              + group.any().protocol()
              + ": after "
              + change.podsCount()
              + " pods joined "
              + (change.endpointsCount() - change.podsCount())
              + ", the new pods took of the connections opened later: "
              + each(
                  group,
                  EffectSums::adds,
                  e -> Text.number(EffectSums.pct(e.toAdded(), e.news())) + " %")
              + "; an equal share is "
              + Text.number(EffectSums.pct(change.podsCount(), change.endpointsCount()))
              + " %. "
              + (longLived
                  ? moved(group)
                  : "Least-connection schedulers send everything to whoever has the fewest, closed ones included."),
          EFFECTS + ", " + group.testbed());
    }
  }

  /** How many of the connections that were open at a scale-out had replies from two pods. */
  private String moved(SideBySide group) {
    long open = 0;
    long moved = 0;
    for (Rows.Cells c : group.cells()) {
      open +=
          EffectSums.of(run, c).stream().filter(EffectSums::adds).mapToLong(EffectSums::open).sum();
      moved += run.ledger().getOrDefault(c.cell(), new RunData.Ledger(0, 0, 0)).strays();
    }
    return Text.counted(moved, "request")
        + " of the "
        + Text.counted(open, "connection")
        + " that were open went to another pod than the first.";
  }

  private static String failed(EffectSums e) {
    return e.failed() == 0 ? "" : " (" + Text.counted(e.failed(), "request") + " failed)";
  }

  private void removal() {
    for (SideBySide group : having(EffectSums::removes)) {
      if (!group.any().protocol().equals(Findings.CONTROL)) {
        add(
            true,
            "Pods that leave a Service ("
                + group.workload()
                + "): of the connections open on them went on, and of those opened later came to them: "
                + each(
                    group,
                    EffectSums::removes,
                    e ->
                        e.leavingKept()
                            + " of "
                            + e.leaving()
                            + ", "
                            + e.toRemoved()
                            + " of "
                            + e.news()
                            + failed(e))
                + ".",
            EFFECTS + ", " + group.testbed());
      }
    }
  }

  private void disruption() {
    for (SideBySide group : having(e -> e.removes() && e.portsAgain() > 0)) {
      add(
          true,
          "When a pod leaves, of the clients' ends (address and port) that are used again and whose pod stayed, came to another pod: "
              + each(
                  group,
                  EffectSums::removes,
                  e ->
                      Text.number(EffectSums.pct(e.portsMoved(), e.portsAgain()))
                          + " % of "
                          + e.portsAgain()
                          + failed(e))
              + ".",
          EFFECTS + ", " + group.testbed());
    }
  }

  private void idle() {
    for (SideBySide group : having(EffectSums::idle)) {
      add(
          true,
          "Idle connections ("
              + group.workload()
              + "): went on "
              + each(
                  group,
                  EffectSums::idle,
                  e ->
                      e.kept()
                          + " of "
                          + e.open()
                          + (e.reset() + e.closed() > 0
                              ? " ("
                                  + (e.reset() + e.closed())
                                  + " reset or closed, seen by the client "
                                  + Text.number(e.noticeP50Ms())
                                  + " ms after its last request, median)"
                              : ""))
              + ".",
          EFFECTS + ", " + group.testbed());
    }
  }

  /** conn_reuse_mode: where new connections on old ports go. */
  private void reuse() {
    for (SideBySide group : groups) {
      List<Rows.Cells> cells =
          group.cells().stream().filter(c -> c.settings().contains("conn-reuse-mode")).toList();
      if (!cells.isEmpty() && !having(EffectSums::removes).contains(group)) {
        add(
            true,
            "Ports used again through ipvs ("
                + group.workload()
                + "): busiest pod over mean "
                + cells.stream()
                    .map(c ->
                        c.variant()
                            + " "
                            + run.verdict(c, Verdicts.CONNECTIONS)
                                .map(v -> Text.number(v.maxOverMean()))
                                .orElse("NA"))
                    .collect(Collectors.joining("; "))
                + ".",
            "verdicts.csv, connections, " + group.testbed());
      }
    }
  }

  private void full() {
    TreeMap<String, String> parts = new TreeMap<>();
    for (Rows.Cells cell : run.measured()) {
      if (cell.settings().contains("conntrack-max")) {
        List<Rows.Summary> s = run.summariesOf(cell);
        parts.put(
            cell.title(),
            s.stream().mapToLong(Rows.Summary::requestsAnsweredCount).sum()
                + " of "
                + s.stream().mapToLong(Rows.Summary::requestsDueCount).sum()
                + " requests answered, "
                + s.stream().mapToLong(Rows.Summary::errorsCount).sum()
                + " errors, the client saw one after "
                + Text.time(
                    LoadFiles.percentile(
                        run.latencies().get(cell.cell()).get(Metric.FAILURE), 50)));
      }
    }
    if (!parts.isEmpty()) {
      add(
          true,
          "A full connection table refuses only what is new, and says nothing to the client: "
              + parts.entrySet().stream()
                  .map(e -> e.getKey() + ": " + e.getValue())
                  .collect(Collectors.joining("; "))
              + ".",
          "summary.csv; failure_p50_ns is the time from when a request was due to its failure");
    }
  }
}
