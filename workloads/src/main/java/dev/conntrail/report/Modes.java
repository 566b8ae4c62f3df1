package dev.conntrail.report;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IpvsScheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which mode and which scheduler for which workload: a row a workload, a column a variant, and in
 * each field the figure that decides there, with the cell of the run behind it.
 */
final class Modes {
  private static final double AS_GOOD = 1.02;

  /** Data planes that draw a pod for each connection. */
  private static final Set<String> DRAWS = Set.of("iptables", "nftables");

  /** A figure, the number of the cell that it comes from (0 for none), and its rank. */
  public record Entry(String text, int cell, boolean best) {}

  /** A field: an entry for each cell of a data plane, which differ in what is set of it alone. */
  public record Field(List<Entry> entries) {
    private static Field of(String text) {
      return new Field(List.of(new Entry(text, 0, false)));
    }
  }

  /** A sheet, of one kernel. */
  public record Sheet(
      String id,
      String caption,
      List<String> head,
      List<String> rowHeads,
      List<List<Field>> rows) {}

  /**
   * How a workload is judged.
   *
   * @param words what decides, for people
   * @param text the figure
   * @param score the less the better; not a number if it cannot be judged
   */
  private record Measure(
      String words, Function<Rows.Cells, String> text, Function<Rows.Cells, Double> score) {}

  private final RunData run;
  private final List<Rows.Cells> numbered;

  Modes(RunData run) {
    this.run = run;
    this.numbered = run.measured();
  }

  /** Which mode for which workload, a sheet for each kernel that ran more than one. */
  List<Sheet> tables() {
    List<Sheet> sheets = new ArrayList<>();
    bySet()
        .forEach((testbed, groups) -> {
          sheets.add(sheet(testbed, groups));
          sheets.add(costs(testbed, groups));
        });
    sheets.removeIf(s -> s.rows().isEmpty());
    return sheets;
  }

  private Map<String, List<SideBySide>> bySet() {
    Map<String, List<SideBySide>> groups = new LinkedHashMap<>();
    SideBySide.of(run).stream()
        .filter(SideBySide::compares)
        .forEach(g -> groups.computeIfAbsent(g.testbed(), _ -> new ArrayList<>()).add(g));
    return groups;
  }

  /** The data planes, each with its backend or scheduler. */
  private static List<String> planes(List<SideBySide> groups) {
    Set<String> planes = new LinkedHashSet<>();
    groups.forEach(g -> g.cells().forEach(c -> planes.add(plane(c))));
    return List.copyOf(planes);
  }

  /** A data plane with its backend or scheduler: {@code iptables-legacy}, {@code ipvs-rr}. */
  static String plane(Rows.Cells cell) {
    String asked = cell.variant().split(", ", 2)[0];
    return asked.equals(DataPlane.IPTABLES.word()) && !cell.iptablesBackend().equals(Csv.MISSING)
        ? asked + "-" + cell.iptablesBackend()
        : asked;
  }

  /** The cells of a data plane in a row, each with a figure. */
  private Field field(SideBySide group, String plane, Function<Rows.Cells, Entry> figure) {
    List<Entry> entries =
        group.cells().stream().filter(c -> plane(c).equals(plane)).map(figure).toList();
    return entries.isEmpty() ? Field.of("not run") : new Field(entries);
  }

  private Sheet sheet(String testbed, List<SideBySide> groups) {
    List<String> planes = planes(groups);
    List<String> head = new ArrayList<>(List.of("workload"));
    head.addAll(planes);
    head.add("what decides");
    List<String> rowHeads = new ArrayList<>();
    List<List<Field>> rows = new ArrayList<>();
    for (SideBySide group : groups) {
      Measure measure = measure(group.any());
      double best =
          group.cells().stream()
              .mapToDouble(c -> measure.score().apply(c))
              .filter(Double::isFinite)
              .min()
              .orElse(Double.NaN);
      boolean tells =
          group.cells().stream()
              .map(c -> measure.score().apply(c))
              .anyMatch(s -> Double.isFinite(s) && !alike(s, best));
      List<Field> row = new ArrayList<>();
      for (String plane : planes) {
        row.add(
            field(
                group,
                plane,
                c -> {
                  String[] variant = c.variant().split(", ", 2);
                  return new Entry(
                      (variant.length == 1 ? "" : variant[1] + ": ") + measure.text().apply(c),
                      number(c),
                      tells && alike(measure.score().apply(c), best));
                }));
      }
      row.add(Field.of(measure.words()));
      rowHeads.add(group.workload() + ", " + group.any().podsCount() + " pods");
      rows.add(row);
    }
    return new Sheet(
        "modes-" + testbed,
        "Which mode, which scheduler, for which workload ("
            + testbed
            + "). Each field names the cell behind it; the best of a row are marked where they differ.",
        head,
        rowHeads,
        rows);
  }

  private static boolean alike(double score, double best) {
    return score <= best * AS_GOOD + 1e-9;
  }

  private int number(Rows.Cells cell) {
    return numbered.indexOf(cell) + 1;
  }

  private Measure measure(Rows.Cells any) {
    List<EffectSums> effects = EffectSums.of(run, any);
    if (effects.stream().anyMatch(EffectSums::adds)) {
      return any.protocol().equals(Findings.CONTROL) ? herd() : rebalance();
    }
    if (effects.stream().anyMatch(EffectSums::removes)) {
      return any.protocol().equals(Findings.CONTROL) ? disruption() : survival();
    }
    if (effects.stream().anyMatch(EffectSums::idle)) {
      return ageing();
    }
    return any.settings().contains("conntrack-max") ? failures() : evenness();
  }

  private Measure evenness() {
    return new Measure(
        "evenness of requests: busiest pod over mean; pods without a connection",
        c ->
            verdict(c, Verdicts.REQUESTS)
                .map(r ->
                    Text.number(r.maxOverMean())
                        + verdict(c, Verdicts.CONNECTIONS)
                            .map(v -> "; " + Text.number(v.idleMeanCount()) + " idle")
                            .orElse(""))
                .orElse("NA"),
        this::unevenness);
  }

  /** Where connections are drawn, that one draw came out more even than another means nothing. */
  private double unevenness(Rows.Cells cell) {
    return drawn(cell)
        ? verdict(cell, Verdicts.CONNECTIONS)
            .map(Rows.Verdict::maxOverMeanExpected)
            .orElse(Double.NaN)
        : verdict(cell, Verdicts.REQUESTS).map(Rows.Verdict::maxOverMean).orElse(Double.NaN);
  }

  /** By a random number, or, with mh, by a hash of the client's port, which is as good as one. */
  private static boolean drawn(Rows.Cells cell) {
    return DRAWS.contains(cell.dataPlane()) || cell.ipvsScheduler().equals(IpvsScheduler.MH.word());
  }

  private Optional<Rows.Verdict> verdict(Rows.Cells cell, String unit) {
    return run.verdict(cell, unit);
  }

  private Optional<EffectSums> effect(
      Rows.Cells cell, java.util.function.Predicate<EffectSums> which) {
    return EffectSums.of(run, cell).stream().filter(which).findFirst();
  }

  private Measure rebalance() {
    return new Measure(
        "how soon new pods fill: their share of the connections that were opened after they came",
        c ->
            effect(c, EffectSums::adds)
                .map(e -> Text.number(EffectSums.pct(e.toAdded(), e.news())) + " % to new pods")
                .orElse("NA"),
        c ->
            effect(c, EffectSums::adds)
                .map(e -> 100 - EffectSums.pct(e.toAdded(), e.news()))
                .orElse(Double.NaN));
  }

  private Measure herd() {
    return new Measure(
        "no rush on new pods: their share of requests against a fair one",
        c ->
            effect(c, EffectSums::adds)
                .map(e ->
                    Text.number(EffectSums.pct(e.toAdded(), e.news()))
                        + " % to new pods, fair "
                        + Text.number(fairPct(c)))
                .orElse("NA"),
        c ->
            effect(c, EffectSums::adds)
                .map(e -> Math.max(5, Math.abs(EffectSums.pct(e.toAdded(), e.news()) - fairPct(c))))
                .orElse(Double.NaN));
  }

  /** The share of new pods among all, after the first addition. */
  private double fairPct(Rows.Cells cell) {
    return run.changes().stream()
        .filter(c -> c.cell().equals(cell.cell()) && c.change().startsWith("add"))
        .findFirst()
        .map(c -> EffectSums.pct(c.podsCount(), c.endpointsCount()))
        .orElse(Double.NaN);
  }

  private Measure survival() {
    return new Measure(
        "connections on pods that left: how many went on",
        c ->
            effect(c, EffectSums::removes)
                .map(e ->
                    e.leavingKept()
                        + " of "
                        + e.leaving()
                        + " went on"
                        + (e.leaving() > e.leavingKept() ? "; " + fates(e) : "")
                        + "; "
                        + e.toRemoved()
                        + " new to them"
                        + failed(e))
                .orElse("NA"),
        c ->
            effect(c, EffectSums::removes)
                .map(e ->
                    100 - EffectSums.pct(e.leavingKept(), e.leaving()) + e.toRemoved() + e.failed())
                .orElse(Double.NaN));
  }

  private Measure disruption() {
    return new Measure(
        "clients whose pod stayed, by address and port: how many came to another",
        c ->
            effect(c, EffectSums::removes)
                .map(e ->
                    Text.number(EffectSums.pct(e.portsMoved(), e.portsAgain()))
                        + " % moved; "
                        + e.toRemoved()
                        + " new to the pod that left"
                        + failed(e))
                .orElse("NA"),
        c ->
            effect(c, EffectSums::removes)
                .map(e ->
                    EffectSums.pct(e.portsMoved(), e.portsAgain())
                        + 100.0 * (e.toRemoved() + e.failed()))
                .orElse(Double.NaN));
  }

  private Measure ageing() {
    return new Measure(
        "idle connections that went on",
        c ->
            effect(c, EffectSums::idle)
                .map(e ->
                    e.kept()
                        + " of "
                        + e.open()
                        + " went on"
                        + (e.open() > e.kept() ? "; " + fates(e) : ""))
                .orElse("NA"),
        c ->
            effect(c, EffectSums::idle)
                .map(e -> 100 - EffectSums.pct(e.kept(), e.open()))
                .orElse(Double.NaN));
  }

  private static String failed(EffectSums e) {
    return e.failed() > 0 ? "; " + Text.counted(e.failed(), "request") + " failed" : "";
  }

  private static String fates(EffectSums e) {
    List<String> fates = new ArrayList<>();
    if (e.reset() > 0) {
      fates.add(e.reset() + " reset");
    }
    if (e.closed() > 0) {
      fates.add(e.closed() + " closed");
    }
    if (e.unanswered() > 0) {
      fates.add(e.unanswered() + " unanswered");
    }
    return String.join(", ", fates);
  }

  private Measure failures() {
    return new Measure(
        "requests that were answered, and how long a failed one took to fail",
        c ->
            Text.number(EffectSums.pct(answered(c), due(c)))
                + " % answered; failed after "
                + Text.time(LoadFiles.percentile(latency(c, Metric.FAILURE), 50)),
        c -> 100 - EffectSums.pct(answered(c), due(c)));
  }

  private long answered(Rows.Cells cell) {
    return run.summariesOf(cell).stream().mapToLong(Rows.Summary::requestsAnsweredCount).sum();
  }

  private long due(Rows.Cells cell) {
    return run.summariesOf(cell).stream().mapToLong(Rows.Summary::requestsDueCount).sum();
  }

  private org.HdrHistogram.Histogram latency(Rows.Cells cell, Metric metric) {
    return run.latencies().get(cell.cell()).get(metric);
  }

  /** What connecting and a request took, where nothing was changed meanwhile. */
  private Sheet costs(String testbed, List<SideBySide> groups) {
    List<SideBySide> plain =
        groups.stream()
            .filter(g -> EffectSums.of(run, g.any()).isEmpty() && g.any().settings().equals("NA"))
            .toList();
    List<String> planes = planes(plain);
    List<String> head = new ArrayList<>(List.of("workload"));
    planes.forEach(p -> head.add(p + ": connect, request (p50)"));
    return new Sheet(
        "costs-" + testbed,
        "What a TCP connect and a request took, medians, one kernel ("
            + testbed
            + "); for short-lived connections the request includes the connect",
        head,
        plain.stream().map(g -> g.workload() + ", " + g.any().podsCount() + " pods").toList(),
        plain.stream()
            .map(g ->
                planes.stream()
                    .map(p ->
                        field(
                            g,
                            p,
                            c ->
                                new Entry(
                                    Text.time(p50(c, Metric.CONNECT))
                                        + ", "
                                        + Text.time(p50(c, Metric.SERVICE)),
                                    number(c),
                                    false)))
                    .toList())
            .toList());
  }

  private double p50(Rows.Cells cell, Metric metric) {
    return LoadFiles.percentile(latency(cell, metric), 50);
  }

  /** Every effect, all repetitions of a cell together. */
  Report.Table effects() {
    List<List<String>> rows = new ArrayList<>();
    run.measured().stream()
        .sorted(Comparator.comparing(Rows.Cells::testbed).thenComparingInt(this::number))
        .forEach(cell ->
            EffectSums.of(run, cell)
                .forEach(e ->
                    rows.add(
                        List.of(
                            "#" + number(cell),
                            cell.title(),
                            e.cause(),
                            Text.count(e.open()),
                            Text.count(e.kept()),
                            Text.count(e.reset()),
                            Text.count(e.closed()),
                            Text.count(e.unanswered()),
                            Text.number(e.noticeP50Ms()) + ", " + Text.number(e.noticeMaxMs()),
                            e.leavingKept() + " of " + e.leaving(),
                            Text.count(e.news()),
                            Text.count(e.toAdded()),
                            Text.count(e.toRemoved()),
                            Text.count(e.failed()),
                            e.portsMoved() + " of " + e.portsAgain()))));
    return new Report.Table(
        List.of(
            "#",
            "cell",
            "cause",
            "open then",
            "went on",
            "reset",
            "closed by the peer",
            "unanswered",
            "noticed after, ms: median, longest",
            "of leaving pods, went on",
            "opened later",
            "to added pods",
            "to removed pods",
            "failed requests",
            "client's ends that moved"),
        rows);
  }
}
