package dev.conntrail.report;

import static dev.conntrail.report.ChartOptions.PALETTE;
import static dev.conntrail.report.ChartOptions.bars;
import static dev.conntrail.report.ChartOptions.base;
import static dev.conntrail.report.ChartOptions.category;
import static dev.conntrail.report.ChartOptions.legend;
import static dev.conntrail.report.ChartOptions.list;
import static dev.conntrail.report.ChartOptions.map;
import static dev.conntrail.report.ChartOptions.secondsOfRun;
import static dev.conntrail.report.ChartOptions.value;
import static dev.conntrail.report.ChartOptions.withBand;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.record.Metric;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The charts of a report, each from the rows of a run. */
final class Charts {
  private static final List<Double> PERCENTILES =
      List.of(0.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99, 100.0);
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final int WIDTH = 960;

  /** Names that a line of a legend holds. */
  private static final int LEGEND_ROW = 6;

  /** Small enough to stand beside each other on a phone. */
  private static final Map<String, Object> TITLE = map("fontSize", 13);

  /** Events of a cluster that belong on the timeline. */
  private static final Set<String> WATCHED =
      Set.of("pod", "endpointslice", "load-lost", "watch-lost", "cluster-make", "cluster-ready");

  private static final String HAPPENED = "pods, endpoints";

  private final RunData run;

  Charts(RunData run) {
    this.run = run;
  }

  /**
   * The main point: few long-lived connections beside short-lived ones, same Service, same number
   * of requests.
   */
  Optional<Chart> glance() {
    Optional<Rows.Cells> few = Findings.fewLongLived(run);
    Optional<Rows.Cells> control = few.flatMap(f -> Findings.control(run, f.dataPlane()));
    if (few.isEmpty() || control.isEmpty()) {
      return Optional.empty();
    }
    int repetition = run.summariesOf(few.get()).getFirst().repetition();
    List<Rows.Distribution> left = rows(few.get(), repetition);
    List<Rows.Distribution> right =
        rows(control.get(), run.summariesOf(control.get()).getFirst().repetition());
    Map<String, Object> option = base();
    String leftName = few.get().connectionsCount() + " long-lived connections";
    String rightName = "one connection a request";
    option.put(
        "title",
        list(
            map(
                "text",
                leftName,
                "subtext",
                few.get().protocol() + ", " + few.get().dataPlane(),
                "left",
                "27%",
                "textAlign",
                "center",
                "textStyle",
                TITLE),
            map(
                "text",
                rightName,
                "subtext",
                "the control, " + control.get().dataPlane(),
                "left",
                "77%",
                "textAlign",
                "center",
                "textStyle",
                TITLE)));
    option.put(
        "grid",
        list(
            map("left", 60, "right", "53%", "top", 95, "bottom", 50),
            map("left", "55%", "right", 20, "top", 95, "bottom", 50)));
    option.put("xAxis", list(category(pods(left), "pod", 0), category(pods(right), "pod", 1)));
    double most = nice(Math.max(max(left), max(right)));
    Map<String, Object> y0 = value("requests", 0);
    Map<String, Object> y1 = value("requests", 1);
    y0.put("max", most);
    y1.put("max", most);
    option.put("yAxis", list(y0, y1));
    option.put(
        "series",
        list(
            banded(
                bars(leftName, counts(left, Rows.Distribution::requestsCount), 0, PALETTE.get(5)),
                left),
            banded(
                bars(rightName, counts(right, Rows.Distribution::requestsCount), 1, PALETTE.get(0)),
                right)));
    long idle = left.stream().filter(d -> d.requestsCount() == 0).count();
    return Optional.of(
        new Chart(
            "glance",
            "Requests that each pod got, first repetition",
            "Left: with "
                + few.get().connectionsCount()
                + " long-lived connections "
                + idle
                + " of "
                + left.size()
                + " pods got no request. Right: with short-lived connections every pod got its share. The band is what chance explains if each request chose its pod.",
            option,
            WIDTH,
            360,
            List.of()));
  }

  private static Map<String, Object> banded(
      Map<String, Object> series, List<Rows.Distribution> rows) {
    long n = rows.stream().mapToLong(Rows.Distribution::requestsCount).sum();
    FairDraw.Band band = new FairDraw(n, rows.size()).band(Verdicts.BAND);
    return withBand(series, (double) band.low(), (double) band.high(), "even spread");
  }

  private static double max(List<Rows.Distribution> rows) {
    return rows.stream().mapToLong(Rows.Distribution::requestsCount).max().orElse(1);
  }

  private List<Rows.Distribution> rows(Rows.Cells cell, int repetition) {
    return run.distribution().stream()
        .filter(d -> d.cell().equals(cell.cell()) && d.repetition() == repetition)
        .toList();
  }

  private static List<String> pods(List<Rows.Distribution> rows) {
    return rows.stream().map(d -> Text.pod(d.pod())).toList();
  }

  private static List<Long> counts(
      List<Rows.Distribution> rows, ToLongFunction<Rows.Distribution> count) {
    return rows.stream().map(count::applyAsLong).toList();
  }

  /**
   * Connections and requests of each pod of a cell, all repetitions together, with the band that
   * chance explains.
   */
  Chart cell(Rows.Cells cell, int number) {
    Map<String, long[]> byPod = new LinkedHashMap<>();
    for (Rows.Distribution d : run.distribution()) {
      if (d.cell().equals(cell.cell())) {
        long[] sums = byPod.computeIfAbsent(Text.pod(d.pod()), _ -> new long[2]);
        sums[0] += d.connectionsCount();
        sums[1] += d.requestsCount();
      }
    }
    List<String> pods = List.copyOf(byPod.keySet());
    Map<String, Object> option = base();
    option.put(
        "grid",
        list(
            map("left", 60, "right", "53%", "top", 40, "bottom", 45),
            map("left", "55%", "right", 20, "top", 40, "bottom", 45)));
    option.put("xAxis", list(category(pods, "pod", 0), category(pods, "pod", 1)));
    option.put("yAxis", list(value("connections", 0), value("requests", 1)));
    Map<String, Object> connections =
        bars("connections", byPod.values().stream().map(s -> s[0]).toList(), 0, PALETTE.get(0));
    Map<String, Object> requests =
        bars("requests", byPod.values().stream().map(s -> s[1]).toList(), 1, PALETTE.get(1));
    run.verdict(cell, Verdicts.CONNECTIONS)
        .ifPresent(v -> withBand(connections, v.bandLowCount(), v.bandHighCount(), "chance"));
    run.verdict(cell, Verdicts.REQUESTS)
        .ifPresent(v -> withBand(requests, v.bandLowCount(), v.bandHighCount(), "chance"));
    option.put("series", list(connections, requests));
    return new Chart(
        "cell-%02d".formatted(number),
        cell.title(),
        "Connections and requests of each pod, all repetitions together; the band holds all pods of a fair draw with 99 % probability.",
        option,
        WIDTH,
        260,
        List.of());
  }

  /** Response time by percentile: one chart a kernel and protocol, a line for each data plane. */
  List<Chart> latency() {
    List<Chart> charts = new ArrayList<>();
    for (List<Rows.Cells> cells : byKernelAndProtocol()) {
      String protocol = cells.getFirst().protocol();
      String testbed = cells.getFirst().testbed();
      Map<String, Object> option = base();
      List<String> names = cells.stream().map(c -> name(c)).toList();
      int rows = 1 + names.size() / LEGEND_ROW;
      option.put("legend", legend(names, 0));
      option.put("grid", map("left", 70, "right", 20, "top", 30 + 22 * rows, "bottom", 50));
      option.put(
          "xAxis",
          category(
              PERCENTILES.stream()
                  .map(p ->
                      p == 100
                          ? "max"
                          : Text.number(p).replace(".00", "").replace("100.0", "99.99") + " %")
                  .toList(),
              "percentile",
              0));
      option.put(
          "yAxis",
          map(
              "type",
              "log",
              "name",
              "response time, ms",
              "nameLocation",
              "end",
              "nameTextStyle",
              map("align", "left")));
      List<Object> series = new ArrayList<>();
      for (Rows.Cells cell : cells) {
        Histogram h = run.latencies().get(cell.cell()).get(Metric.RESPONSE);
        List<Double> line =
            PERCENTILES.stream().map(p -> round(LoadFiles.percentile(h, p) / NS_PER_MS)).toList();
        series.add(map("name", name(cell), "type", "line", "data", line, "symbolSize", 7));
      }
      option.put("series", series);
      charts.add(
          new Chart(
              "latency-" + testbed + "-" + protocol,
              "Response time, " + protocol + ", " + testbed,
              "Percentiles of the time from the moment a request was due to its reply, all repetitions merged from histograms.",
              option,
              WIDTH,
              340,
              names));
    }
    return charts;
  }

  /** Cells whose times may be compared: plain ones of one kernel and protocol. */
  private List<List<Rows.Cells>> byKernelAndProtocol() {
    Map<String, List<Rows.Cells>> groups = new LinkedHashMap<>();
    run.measured().stream()
        .filter(c -> RunData.plain(c) && has(c, Metric.RESPONSE))
        .forEach(c ->
            groups
                .computeIfAbsent(c.testbed() + " " + c.protocol(), _ -> new ArrayList<>())
                .add(c));
    return List.copyOf(groups.values());
  }

  /** What tells a cell from the others of its kernel and protocol. */
  private String name(Rows.Cells c) {
    List<Rows.Cells> others =
        run.measured().stream()
            .filter(o ->
                RunData.plain(o)
                    && o.testbed().equals(c.testbed())
                    && o.protocol().equals(c.protocol())
                    && o.variant().equals(c.variant()))
            .toList();
    if (others.size() == 1) {
      return c.variant();
    }
    boolean clients = others.stream().map(Rows.Cells::clientsCount).distinct().count() > 1;
    return c.variant()
        + ", "
        + c.connectionsCount()
        + (c.pooling().equals("shared") ? " callers, shared" : "")
        + (c.rate().equals("closed") ? ", closed" : "")
        + (clients ? ", " + c.clientsCount() + " clients" : "");
  }

  private boolean has(Rows.Cells cell, Metric metric) {
    return run.latencies().get(cell.cell()).get(metric).getTotalCount() > 0;
  }

  /** The TCP handshake beside a request on an established connection: one chart a kernel. */
  List<Chart> connect() {
    Map<String, List<Rows.Cells>> byKernel = new LinkedHashMap<>();
    run.measured().stream()
        .filter(c ->
            RunData.plain(c)
                && c.pooling().equals("dedicated")
                && !c.protocol().startsWith("grpc")
                && has(c, Metric.CONNECT)
                && has(c, Metric.SERVICE))
        .forEach(c -> byKernel.computeIfAbsent(c.testbed(), _ -> new ArrayList<>()).add(c));
    return byKernel.entrySet().stream().map(e -> connect(e.getKey(), e.getValue())).toList();
  }

  private Chart connect(String testbed, List<Rows.Cells> cells) {
    Map<String, Object> option = base();
    List<String> names = List.of("connect, p50", "request, p50");
    option.put("legend", legend(names, 0));
    option.put("grid", map("left", 60, "right", 20, "top", 50, "bottom", 90));
    Map<String, Object> x =
        category(cells.stream().map(c -> c.protocol() + "\n" + name(c)).toList(), "", 0);
    x.put("axisLabel", map("interval", 0, "rotate", cells.size() > 8 ? 40 : 0, "fontSize", 11));
    option.put("xAxis", x);
    option.put("yAxis", value("µs", 0));
    option.put(
        "series",
        list(
            bars(names.get(0), medians(cells, Metric.CONNECT), 0, PALETTE.get(2)),
            bars(names.get(1), medians(cells, Metric.SERVICE), 0, PALETTE.get(0))));
    return new Chart(
        "connect-" + testbed,
        "Connecting against a request, " + testbed,
        "Median time of the TCP handshake beside the median service time of a request (for short-lived: connect included). gRPC is left out: its connect time includes waiting for the event loop.",
        option,
        WIDTH,
        380,
        names);
  }

  private List<Double> medians(List<Rows.Cells> cells, Metric metric) {
    return cells.stream()
        .map(c ->
            round(LoadFiles.percentile(run.latencies().get(c.cell()).get(metric), 50) / NS_PER_US))
        .toList();
  }

  /** When which repetition ran. */
  Optional<Chart> timeline() {
    Map<String, List<double[]>> spans = new LinkedHashMap<>();
    Map<String, Double> started = new LinkedHashMap<>();
    for (Rows.Event e : run.events()) {
      String key = e.cell() + "#" + e.repetition();
      switch (e.event()) {
        case "load-start" -> started.put(key, e.atMs());
        case "load-end" ->
            spans
                .computeIfAbsent(e.cell(), _ -> new ArrayList<>())
                .add(new double[] {started.getOrDefault(key, e.atMs()) / 1000, e.atMs() / 1000});
        default -> {}
      }
    }
    List<Rows.Cells> cells =
        run.measured().stream().filter(c -> spans.containsKey(c.cell())).toList();
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    int most = spans.values().stream().mapToInt(List::size).max().orElse(0);
    Map<String, Object> option = base();
    option.put("grid", map("left", 300, "right", 20, "top", 20, "bottom", 45));
    option.put("xAxis", secondsOfRun());
    option.put(
        "yAxis",
        map(
            "type",
            "category",
            "inverse",
            true,
            "data",
            Stream.concat(
                    cells.stream().map(Rows.Cells::title),
                    run.events().stream().anyMatch(e -> WATCHED.contains(e.event()))
                        ? Stream.of(HAPPENED)
                        : Stream.of())
                .toList(),
            "axisLabel",
            map("fontSize", 11, "interval", 0, "width", 285, "overflow", "truncate")));
    List<Object> series = new ArrayList<>();
    for (int r = 0; r < most; r++) {
      List<Double> gaps = new ArrayList<>();
      List<Double> lengths = new ArrayList<>();
      for (Rows.Cells cell : cells) {
        List<double[]> own = spans.get(cell.cell());
        double before = r == 0 ? 0 : r - 1 < own.size() ? own.get(r - 1)[1] : 0;
        gaps.add(r < own.size() ? round(own.get(r)[0] - before) : 0);
        lengths.add(r < own.size() ? round(own.get(r)[1] - own.get(r)[0]) : 0);
      }
      series.add(
          map(
              "type",
              "bar",
              "stack",
              "time",
              "data",
              gaps,
              "itemStyle",
              map("color", "transparent"),
              "silent",
              true,
              "tooltip",
              map("show", false)));
      series.add(
          map(
              "name",
              "repetition " + (r + 1),
              "type",
              "bar",
              "stack",
              "time",
              "data",
              lengths,
              "itemStyle",
              map("color", PALETTE.get(r % PALETTE.size()))));
    }
    List<Object> happened =
        run.events().stream()
            .filter(e -> WATCHED.contains(e.event()))
            .<Object>map(e ->
                map(
                    "value",
                    list(round(e.atMs() / 1000), HAPPENED),
                    "name",
                    e.event() + " " + e.detail()))
            .toList();
    if (!happened.isEmpty()) {
      series.add(
          map(
              "name",
              HAPPENED,
              "type",
              "scatter",
              "symbolSize",
              7,
              "data",
              happened,
              "itemStyle",
              map("color", PALETTE.get(5), "opacity", 0.6),
              "tooltip",
              map("formatter", "{b}")));
    }
    option.put("series", series);
    return Optional.of(
        new Chart(
            "timeline",
            "When each repetition ran",
            "Repetitions go round all cells in a new order each time, so that drift of the machine meets all cells alike.",
            option,
            WIDTH,
            100 + 22 * cells.size(),
            List.of()));
  }

  /** The 99th percentile of each second of measuring, over the run. */
  Optional<Chart> seconds() {
    Map<String, Double> starts = new LinkedHashMap<>();
    run.events().stream()
        .filter(e -> e.event().equals("load-start"))
        .forEach(e -> starts.put(e.cell() + "#" + e.repetition(), e.atMs()));
    Map<String, List<List<Double>>> points = new LinkedHashMap<>();
    Map<String, Rows.Cells> byId = new LinkedHashMap<>();
    run.cells().forEach(c -> byId.put(c.cell(), c));
    for (RunData.Second s : run.seconds()) {
      Double start = starts.get(s.cell() + "#" + s.repetition());
      if (start != null && s.interval().answeredCount() > 0) {
        points
            .computeIfAbsent(byId.get(s.cell()).protocol(), _ -> new ArrayList<>())
            .add(
                List.of(
                    round((start + s.interval().startMs()) / 1000),
                    round(s.interval().responseP99Ns() / NS_PER_MS)));
      }
    }
    if (points.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> option = base();
    option.put("tooltip", map("trigger", "item", "confine", true));
    List<String> names = List.copyOf(points.keySet());
    option.put("legend", legend(names, 0));
    option.put("grid", map("left", 70, "right", 20, "top", 50, "bottom", 45));
    option.put("xAxis", secondsOfRun());
    option.put(
        "yAxis",
        map(
            "type",
            "log",
            "name",
            "p99 of each second, ms",
            "nameTextStyle",
            map("align", "left")));
    List<Object> series = new ArrayList<>();
    points.forEach((protocol, data) ->
        series.add(map("name", protocol, "type", "scatter", "data", data, "symbolSize", 8)));
    option.put("series", series);
    return Optional.of(
        new Chart(
            "seconds",
            "99th percentile of each second",
            "Each point is one second of one repetition: a drift of the machine would show as a slope over all protocols.",
            option,
            WIDTH,
            320,
            names));
  }

  /** The next round number above. */
  private static double nice(double x) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, x)))) / 2;
    return Math.ceil(x * 1.02 / unit) * unit;
  }

  private static double round(double x) {
    return Double.isFinite(x) ? Math.round(x * 1000) / 1000.0 : 0;
  }
}
