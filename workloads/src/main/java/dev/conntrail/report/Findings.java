package dev.conntrail.report;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.conntrail.analysis.Marks;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run shows, in plain words, each with its figure and how that was had. */
final class Findings {
  /** The protocol of the control. */
  static final String CONTROL = "short-lived";

  static final String DIRECT = "direct";
  private static final String IPVS = "ipvs";
  private static final String SHARED = "shared";

  /**
   * A finding.
   *
   * @param text in plain words, with the figure
   * @param how the figure was obtained
   * @param good whether all is as it should be
   */
  public record Finding(String text, String how, boolean good) {}

  private final RunData run;
  private final List<Finding> findings = new ArrayList<>();

  private Findings(RunData run) {
    this.run = run;
  }

  static List<Finding> of(RunData run) {
    Findings f = new Findings(run);
    f.idle();
    f.chance();
    f.requests();
    f.staying();
    f.nodes();
    f.shared();
    f.connect();
    f.reuse();
    f.witnesses();
    f.marks();
    return f.findings;
  }

  /** The Service cell with the fewest long-lived connections. */
  static Optional<Rows.Cells> fewLongLived(RunData run) {
    return run.comparable().stream()
        .filter(c ->
            !c.protocol().equals(CONTROL)
                && !c.dataPlane().equals(DIRECT)
                && !c.dataPlane().equals(IPVS)
                && !c.pooling().equals(SHARED))
        .min(Comparator.comparingInt(Rows.Cells::connectionsCount));
  }

  /** The control of a data plane. */
  static Optional<Rows.Cells> control(RunData run, String dataPlane) {
    return run.comparable().stream()
        .filter(c -> c.protocol().equals(CONTROL) && c.dataPlane().equals(dataPlane))
        .findFirst();
  }

  private List<Rows.Cells> serviceCells() {
    return run.measured().stream().filter(c -> !c.dataPlane().equals(DIRECT)).toList();
  }

  @FormatMethod
  private void add(boolean good, String how, @FormatString String text, Object... arguments) {
    findings.add(new Finding(String.format(Locale.ROOT, text, arguments), how, good));
  }

  private void idle() {
    Optional<Rows.Cells> few = fewLongLived(run);
    Optional<Rows.Verdict> verdict = few.flatMap(c -> run.verdict(c, Verdicts.CONNECTIONS));
    if (verdict.isEmpty()) {
      return;
    }
    Rows.Cells cell = few.get();
    Rows.Verdict v = verdict.get();
    String control =
        control(run, cell.dataPlane())
            .flatMap(c -> run.verdict(c, Verdicts.REQUESTS))
            .map(c ->
                String.format(
                    Locale.ROOT,
                    " A new connection for each request left %s idle.",
                    Text.number(c.idleMeanCount())))
            .orElse("");
    add(
        true,
        "mean over "
            + run.summariesOf(cell).size()
            + " repetitions of the pods without a connection, distribution.csv; expected: k(1-1/k)^n with k pods and n connections",
        "%d long-lived %s connections through %s left %s of %d pods without a single one; chance alone leaves %s idle.%s",
        cell.connectionsCount(),
        cell.protocol(),
        cell.dataPlane(),
        Text.number(v.idleMeanCount()),
        v.podsCount(),
        Text.number(v.idleExpectedCount()),
        control);
  }

  private void chance() {
    List<Rows.Verdict> all =
        serviceCells().stream()
            .filter(c -> !c.dataPlane().equals(IPVS))
            .map(c -> run.verdict(c, Verdicts.CONNECTIONS))
            .flatMap(Optional::stream)
            .filter(v -> v.observedCount() > 1)
            .toList();
    if (all.isEmpty()) {
      return;
    }
    List<Rows.Verdict> suspicious =
        all.stream().filter(v -> !v.verdict().equals(Verdicts.IS_CHANCE)).toList();
    String how =
        "Pearson's test against equal shares, exact where that is feasible, two-sided, Holm-corrected over all "
            + run.verdicts().size()
            + " tests of the run: a false alarm anywhere has probability 0.1 %; verdicts.csv";
    if (suspicious.isEmpty()) {
      add(
          true,
          how,
          "Where connections land is chance, not a fault: in all %d cells behind a Service the pods' shares are those of a fair draw.",
          all.size());
    } else {
      String names =
          String.join(
              "; ",
              suspicious.stream()
                  .map(v ->
                      title(v.cell()) + " (" + v.verdict() + ", p " + Text.p(v.pAdjusted()) + ")")
                  .toList());
      add(
          false,
          how,
          "Not chance: in %d of %d cells behind a Service the pods' shares are not those of a fair draw: %s.",
          suspicious.size(),
          all.size(),
          names);
    }
  }

  private String title(String cell) {
    return run.cells().stream()
        .filter(c -> c.cell().equals(cell))
        .map(Rows.Cells::title)
        .findFirst()
        .orElse(cell);
  }

  private void requests() {
    List<Rows.Verdict> longLived =
        serviceCells().stream()
            .filter(c ->
                !c.protocol().equals(CONTROL)
                    && !c.pooling().equals(SHARED)
                    && !c.dataPlane().equals(IPVS)
                    && RunData.plain(c))
            .map(c -> run.verdict(c, Verdicts.REQUESTS))
            .flatMap(Optional::stream)
            .toList();
    List<Rows.Verdict> controls =
        serviceCells().stream()
            .filter(c ->
                c.protocol().equals(CONTROL) && !c.dataPlane().equals(IPVS) && RunData.plain(c))
            .map(c -> run.verdict(c, Verdicts.REQUESTS))
            .flatMap(Optional::stream)
            .toList();
    if (longLived.isEmpty() || controls.isEmpty()) {
      return;
    }
    double worst =
        longLived.stream().mapToDouble(Rows.Verdict::maxOverMean).max().orElse(Double.NaN);
    double control =
        controls.stream().mapToDouble(Rows.Verdict::maxOverMean).max().orElse(Double.NaN);
    long pinned = longLived.stream().filter(v -> v.verdict().equals(Verdicts.TOO_UNEVEN)).count();
    add(
        true,
        "largest over mean requests of a pod, all repetitions together; the same test as above, on requests; verdicts.csv",
        "Requests follow their connection, so pods stay unequally loaded: the busiest pod got up to %s times the mean on long-lived connections, %s times on short-lived ones. As independent draws of requests, %d of %d long-lived cells are impossible; %d of %d short-lived cells are chance.",
        Text.number(worst),
        Text.number(control),
        pinned,
        longLived.size(),
        controls.stream().filter(v -> v.verdict().equals(Verdicts.IS_CHANCE)).count(),
        controls.size());
  }

  private void staying() {
    Map<String, RunData.Ledger> byProtocol = new TreeMap<>();
    for (Rows.Cells c : run.measured()) {
      RunData.Ledger l = run.ledger().get(c.cell());
      if (l != null && !c.protocol().equals(CONTROL)) {
        byProtocol.merge(
            c.protocol(),
            l,
            (a, b) ->
                new RunData.Ledger(
                    a.connections() + b.connections(),
                    a.requests() + b.requests(),
                    a.strays() + b.strays()));
      }
    }
    if (byProtocol.isEmpty()) {
      return;
    }
    long connections = byProtocol.values().stream().mapToLong(RunData.Ledger::connections).sum();
    long requests = byProtocol.values().stream().mapToLong(RunData.Ledger::requests).sum();
    long strays = byProtocol.values().stream().mapToLong(RunData.Ledger::strays).sum();
    add(
        strays == 0,
        "every reply names its pod; strays_count in connections.csv counts replies from another pod than the connection's first",
        "A connection stays on its pod: of %,d replies on %,d long-lived connections (%s) %,d came from another pod than the first.",
        requests,
        connections,
        String.join(", ", byProtocol.keySet()),
        strays);
  }

  private void shared() {
    List<String> parts = new ArrayList<>();
    for (Rows.Cells c : run.measured()) {
      if (c.pooling().equals(SHARED)) {
        List<Rows.Summary> s = run.summariesOf(c);
        double connections =
            s.stream().mapToLong(Rows.Summary::connectionsOpenedCount).average().orElse(Double.NaN);
        double pods =
            s.stream().mapToLong(Rows.Summary::podsReachedCount).average().orElse(Double.NaN);
        parts.add(
            String.format(
                Locale.ROOT,
                "%s: %s, %s, %s of %d pods",
                c.protocol(),
                Text.counted(c.connectionsCount(), "caller"),
                Text.counted(connections, "connection"),
                Text.number(pods),
                c.podsCount()));
      }
    }
    if (!parts.isEmpty()) {
      add(
          true,
          "means over repetitions of connections_opened_count and pods_reached_count, summary.csv",
          "An application that just uses one client object reaches few pods. %s.",
          String.join("; ", parts));
    }
  }

  private double median(Rows.Cells cell, Metric metric) {
    return LoadFiles.percentile(run.latencies().get(cell.cell()).get(metric), 50);
  }

  private void connect() {
    for (SideBySide group : SideBySide.of(run)) {
      if (!group.compares()
          || !group.any().protocol().equals(CONTROL)
          || !RunData.plain(group.any())) {
        continue;
      }
      String each =
          group.cells().stream()
              .map(c -> c.variant() + " " + Text.time(median(c, Metric.CONNECT)))
              .collect(Collectors.joining(", "));
      add(
          true,
          "median of connect(), histograms of all repetitions merged; one kernel ("
              + group.testbed()
              + "); differences below a fifth are within the noise of such machines",
          "A TCP connect took (median; %s): %s. Only this first packet meets the Service's rules.",
          group.workload(),
          each);
    }
  }

  private void reuse() {
    for (Rows.Cells control : run.comparable()) {
      Optional<Rows.Cells> kept =
          run.comparable().stream()
              .filter(c ->
                  c.protocol().equals("http1")
                      && c.dataPlane().equals(control.dataPlane())
                      && c.pooling().equals("dedicated")
                      && c.connectionsCount() == control.connectionsCount())
              .findFirst();
      if (control.protocol().equals(CONTROL) && kept.isPresent() && !shortOfCpu(control)) {
        double a = median(kept.get(), Metric.RESPONSE);
        double b = median(control, Metric.RESPONSE);
        add(
            true,
            "median response time of http1 and short-lived cells at the same rate, "
                + control.dataPlane()
                + ", histograms of all repetitions merged",
            "The even spread of short-lived connections has a price: %s a request against %s on kept ones (median), %s times as long.",
            Text.time(b),
            Text.time(a),
            Text.number(b / a));
        return;
      }
    }
  }

  /** Whether most of its times say how busy this machine was, and little else. */
  private boolean shortOfCpu(Rows.Cells cell) {
    List<Rows.Summary> all = run.summariesOf(cell);
    return 2
            * all.stream()
                .filter(s ->
                    s.marks().contains(Marks.CLIENT_SHORT_OF_CPU)
                        || s.marks().contains(Marks.RATE_MISSED))
                .count()
        > all.size();
  }

  private void nodes() {
    run.matrices()
        .forEach((alike, m) -> {
          // ipvs does not draw
          if (m.podNodes().size() > 1 && !alike.plane().startsWith(IPVS)) {
            double p = m.p();
            add(
                !(p < Verdicts.FAMILY_ERROR),
                "connections.csv, client_node and node; expected: each connection takes any pod alike; Pearson's chi-square of the matrix, "
                    + Text.test(p),
                "Through %s: %s %% of %,d connections stayed on their client's node; chance gives %s %%.",
                alike.title(),
                Text.number(100 * m.sameNodeShare()),
                m.total(),
                Text.number(100 * m.sameNodeShareExpected()));
          }
        });
  }

  private void witnesses() {
    long compared = run.summaries().stream().mapToLong(Rows.Summary::crossCheckRowsCount).sum();
    long differ = run.summaries().stream().mapToLong(Rows.Summary::disagreementsCount).sum();
    long kernel =
        run.summaries().stream()
            .filter(s -> !s.crossCheck().contains("no kernel table"))
            .mapToLong(Rows.Summary::crossCheckRowsCount)
            .sum();
    if (compared > 0) {
      String but = differ == 0 ? "" : ", but for " + differ;
      add(
          differ == 0,
          "connection by connection: connections.csv against echo.csv and conntrack.txt of each repetition; disagreements.csv lists rows that differ"
              + (kernel == compared
                  ? ""
                  : "; the kernel's table is no witness where there is none, or where a cell makes it forget"),
          "The client's ledger and the pods' own counts tell the same of each of %,d connections%s; the kernel's connection table does so of %,d of them.",
          compared,
          but,
          kernel);
    }
  }

  private void marks() {
    List<Rows.Summary> marked =
        run.summaries().stream().filter(s -> !s.marks().equals("none")).toList();
    if (marked.isEmpty()) {
      add(
          true,
          "marks of summary.csv",
          "All %d repetitions met their rate, had CPU to spare and no errors.",
          run.summaries().size());
      return;
    }
    Map<String, Long> kinds = new TreeMap<>();
    marked.forEach(
        s -> Arrays.stream(s.marks().split(";", -1)).forEach(m -> kinds.merge(m, 1L, Long::sum)));
    String list =
        String.join(
            ", ", kinds.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
    add(
        false,
        "marks of summary.csv; client-short-of-cpu: send lag p99 above "
            + Text.time(Marks.SEND_LAG_P99_NS)
            + " or CPU use above "
            + Text.number(Marks.HOST_BUSY_PCT)
            + " percent; cpu-stolen: the hypervisor took more than "
            + Text.number(Marks.STEAL_PCT)
            + " percent",
        "%d of %d repetitions are marked (%s): their times say less. They are kept, and no connection is left out.",
        marked.size(),
        run.summaries().size(),
        list);
  }
}
