package dev.conntrail.report;

import static dev.conntrail.report.ChartOptions.PALETTE;
import static dev.conntrail.report.ChartOptions.base;
import static dev.conntrail.report.ChartOptions.legend;
import static dev.conntrail.report.ChartOptions.map;

import dev.conntrail.analysis.Growth;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a lookup costs and how it grows: models (JMH), this kernel (calibrate), and what others
 * published, side by side.
 */
final class Lookups {
  /**
   * ns a rule, from the charts of the Kubernetes blog of 28 February 2025, "NFTables mode for
   * kube-proxy"; derived from them by others, and the iptables back end is not named there.
   */
  private static final String PUBLISHED = "22 to 28";

  private static final List<String> WALKED = List.of("iptables", "iptables-nft");
  private static final List<String> ORDER =
      List.of("iptables", "iptables-nft", "nftables", "ipvs", "ipvs-256");
  private static final int WIDTH = 960;
  private static final int HEIGHT = 420;
  private static final double NS_PER_US = 1e3;
  private static final double ALIKE_LOW = 0.5;
  private static final double ALIKE_HIGH = 1.0;

  private final List<Rows.Jmh> jmh;
  private final List<Rows.Kernel> kernel;
  private final List<Rows.Growth> growth;

  private Lookups(List<Rows.Jmh> jmh, List<Rows.Kernel> kernel, List<Rows.Growth> growth) {
    this.jmh = jmh;
    this.kernel = kernel;
    this.growth = growth;
  }

  static Lookups read(RunFolder folder) throws IOException {
    return new Lookups(
        Files.exists(folder.jmhTable()) ? Csv.read(folder.jmhTable(), Rows.Jmh.class) : List.of(),
        Files.exists(folder.kernel()) ? Csv.read(folder.kernel(), Rows.Kernel.class) : List.of(),
        Files.exists(folder.growth()) ? Csv.read(folder.growth(), Rows.Growth.class) : List.of());
  }

  private Optional<Rows.Growth> growth(String source, String plane, String packet, String target) {
    return growth.stream()
        .filter(g ->
            g.source().equals(source)
                && g.dataPlane().equals(plane)
                && g.packet().equals(packet)
                && g.target().startsWith(target))
        .findFirst();
  }

  /** Model slope over kernel slope, where each grows along a line. */
  private Optional<Double> ratio(String plane) {
    return growth(Growth.MODEL, plane, Growth.FIRST, "last")
        .flatMap(m ->
            growth(Growth.KERNEL, plane, Growth.FIRST, "last").map(k -> m.slopeNs() / k.slopeNs()));
  }

  List<Findings.Finding> findings() {
    List<Findings.Finding> findings = new ArrayList<>();
    for (String plane : WALKED) {
      growth(Growth.GUEST, plane, Growth.FIRST, "last")
          .ifPresent(k ->
              findings.add(
                  new Findings.Finding(
                      "In the guest's kernel each Service before a connection's own costs the first packet "
                          + interval(k)
                          + " ns with "
                          + backend(plane)
                          + growth(Growth.GUEST, "ipvs", Growth.FIRST, "last")
                              .map(i -> ", and through ipvs " + interval(i) + " ns: " + i.verdict())
                              .orElse("")
                          + ".",
                      "calibrate --testbed uml, as below; growth.csv",
                      k.verdict().equals(Growth.LINEAR))));
      growth(Growth.KERNEL, plane, Growth.FIRST, "last")
          .ifPresent(k ->
              findings.add(
                  new Findings.Finding(
                      "In this kernel each Service before a connection's own costs the first packet "
                          + interval(k)
                          + " ns with "
                          + backend(plane)
                          + growth(Growth.MODEL, plane, Growth.FIRST, "last")
                              .map(m ->
                                  "; the model's walk costs "
                                      + interval(m)
                                      + " ns, "
                                      + Text.number(m.slopeNs() / k.slopeNs())
                                      + " times the kernel's")
                              .orElse("")
                          + ".",
                      "calibrate: paired differences of connect() to the last and to the first of "
                          + k.fewestServicesCount()
                          + " to "
                          + k.mostServicesCount()
                          + " Services, "
                          + k.observationsCount()
                          + " rounds, one CPU; least squares, 95 % interval; R² "
                          + Text.number(k.r2())
                          + "; growth.csv",
                      k.verdict().equals(Growth.LINEAR))));
    }
    List<Rows.Growth> flat =
        growth.stream()
            .filter(g ->
                g.packet().equals(Growth.FIRST)
                    && g.target().equals("last")
                    && !WALKED.contains(g.dataPlane()))
            .toList();
    if (!flat.isEmpty()) {
      findings.add(
          new Findings.Finding(
              "Where Services are hashed the first packet does not pay for their number: "
                  + flat.stream()
                      .map(g ->
                          g.dataPlane()
                              + ", "
                              + g.source()
                              + ": "
                              + g.verdict()
                              + " (largest over smallest "
                              + Text.number(g.largestOverSmallest())
                              + ")")
                      .collect(Collectors.joining("; "))
                  + ".",
              "test of equivalence, margin " + Text.number(Growth.MARGIN_PCT) + " %; growth.csv",
              flat.stream().allMatch(g -> g.verdict().equals(Growth.CONSTANT))));
    }
    List<Rows.Growth> established =
        growth.stream()
            .filter(g -> g.packet().equals(Growth.ESTABLISHED) && !g.target().equals("first-again"))
            .toList();
    if (!established.isEmpty()) {
      long constant = established.stream().filter(g -> g.verdict().equals(Growth.CONSTANT)).count();
      findings.add(
          new Findings.Finding(
              "A packet of an open connection does not pay for the number of Services: constant in "
                  + constant
                  + " of "
                  + established.size()
                  + " fits of models and kernel"
                  + (constant == established.size()
                      ? "."
                      : "; the others scatter too much to tell or grow: "
                          + established.stream()
                              .filter(g -> !g.verdict().equals(Growth.CONSTANT))
                              .map(g -> g.source() + " " + g.dataPlane() + ": " + g.verdict())
                              .collect(Collectors.joining(", "))
                          + "."),
              "test of equivalence, margin " + Text.number(Growth.MARGIN_PCT) + " %; growth.csv",
              established.stream()
                  .noneMatch(
                      g -> g.verdict().equals(Growth.LINEAR) || g.verdict().equals(Growth.GROWS))));
    }
    return findings;
  }

  private static String backend(String plane) {
    return plane.equals("iptables") ? "iptables-legacy" : plane;
  }

  private static String interval(Rows.Growth g) {
    return Text.number(g.slopeNs())
        + " ("
        + Text.number(g.slopeLowNs())
        + " to "
        + Text.number(g.slopeHighNs())
        + ")";
  }

  /** Model, kernel and published slopes; empty without growth. */
  Report.Table beside() {
    List<List<String>> rows = new ArrayList<>();
    for (String plane : ORDER) {
      Optional<Rows.Growth> model =
          growth(Growth.MODEL, plane, Growth.FIRST, "last")
              .or(() -> growth(Growth.MODEL, plane, Growth.FIRST, "any"));
      Optional<Rows.Growth> real = growth(Growth.KERNEL, plane, Growth.FIRST, "last");
      Optional<Rows.Growth> guest = growth(Growth.GUEST, plane, Growth.FIRST, "last");
      if (model.isPresent() || real.isPresent() || guest.isPresent()) {
        boolean walked = WALKED.contains(plane);
        rows.add(
            List.of(
                backend(plane),
                model.map(Lookups::cell).orElse("not measured"),
                real.map(Lookups::cell)
                    .orElse(plane.startsWith("ipvs") ? "not measured: no ip_vs" : "not measured"),
                guest.map(Lookups::cell).orElse("not measured"),
                walked ? ratio(plane).map(Text::number).orElse("NA") : "NA: not a walk",
                walked ? PUBLISHED : "flat",
                wrong(plane)));
      }
    }
    return new Report.Table(
        List.of(
            "data plane",
            "model: ns a Service (95 %)",
            "kernel: ns a Service (95 %)",
            "guest kernel: ns a Service (95 %)",
            "model / kernel",
            "published: ns a Service",
            "where the model is wrong"),
        rows);
  }

  private static String cell(Rows.Growth g) {
    return interval(g) + ", " + g.verdict();
  }

  private String wrong(String plane) {
    if (!WALKED.contains(plane)) {
      return plane.startsWith("ipvs")
          ? "leaves out the fixed iptables rules and ipset lookups of ipvs mode"
              + (plane.equals("ipvs-256")
                  ? "; 256 buckets for all Services: chains grow with them, as the kernel's do up to 6.18"
                  : "")
          : "leaves out filter chains and retpolines: its growth can be compared, not its level";
    }
    Optional<Double> ratio = ratio(plane);
    if (ratio.isEmpty()) {
      return "NA";
    }
    if (ratio.get() > ALIKE_HIGH) {
      return "dearer than the kernel: the JIT's walk has work that the kernel's has not";
    }
    if (ratio.get() < ALIKE_LOW) {
      return "cheaper by more than half: the kernel calls each expression through a pointer, past the guards against speculation, where the model branches";
    }
    return "within a factor of two: the walk waits for the next rule's cache line in both; the model leaves out the guard of the counters";
  }

  /** Every fit; empty without growth. */
  Report.Table fits() {
    return new Report.Table(
        List.of(
            "source",
            "data plane",
            "packet",
            "target",
            "Services",
            "ns at none",
            "ns a Service (95 %)",
            "R²",
            "largest / smallest",
            "growth, 95 %",
            "verdict"),
        growth.stream()
            .map(g ->
                List.of(
                    g.source(),
                    g.dataPlane(),
                    g.packet(),
                    g.target(),
                    g.fewestServicesCount() + " to " + g.mostServicesCount(),
                    Text.number(g.interceptNs()),
                    String.format(
                        Locale.ROOT,
                        "%.4f (%.4f to %.4f)",
                        g.slopeNs(),
                        g.slopeLowNs(),
                        g.slopeHighNs()),
                    Growth.r2(g),
                    String.format(Locale.ROOT, "%.2f", g.largestOverSmallest()),
                    Text.number(g.growthLowPct()) + " to " + Text.number(g.growthHighPct()) + " %",
                    g.verdict()))
            .toList());
  }

  /** JMH's scores as they are. */
  Report.Table scores() {
    return new Report.Table(
        List.of(
            "benchmark",
            "data plane",
            "Services",
            "endpoints",
            "target",
            "connections",
            "other",
            "mean",
            "99.9 % interval",
            "least"),
        jmh.stream()
            .map(j ->
                List.of(
                    j.benchmark(),
                    j.dataPlane(),
                    j.servicesCount(),
                    j.endpointsCount(),
                    j.target(),
                    j.connectionsCount(),
                    j.otherParameters(),
                    Text.number(j.scoreNs()) + " ns",
                    "± " + Text.number(j.errorNs()),
                    Text.number(j.minNs()) + " ns"))
            .toList());
  }

  List<Chart> charts() {
    List<Chart> charts = new ArrayList<>();
    services().ifPresent(charts::add);
    connections().ifPresent(charts::add);
    return charts;
  }

  /** Cost of the first packet against the number of Services, log-log. */
  private Optional<Chart> services() {
    Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
    for (String plane : ORDER) {
      for (String target : List.of("last", "any")) {
        jmh.stream()
            .filter(j ->
                j.benchmark().equals("FirstPacketBenchmark.route")
                    && j.dataPlane().equals(plane)
                    && j.target().equals(target)
                    && j.endpointsCount().equals("3"))
            .forEach(j ->
                lines
                    .computeIfAbsent(
                        plane + (target.equals("any") ? ", any Service" : ""), _ -> new TreeMap<>())
                    .put(Double.parseDouble(j.servicesCount()), j.minNs()));
      }
    }
    int models = lines.size();
    for (boolean guest : List.of(false, true)) {
      for (String plane : ORDER) {
        kernel.stream()
            .filter(k ->
                guest == k.testbed().equals(TestbedKind.UML.word())
                    && Growth.plane(k).equals(plane)
                    && k.packet().equals(Growth.FIRST)
                    && k.target().equals("last"))
            .forEach(k ->
                lines
                    .computeIfAbsent(
                        (guest ? "guest kernel: " : "kernel: ") + backend(plane),
                        _ -> new TreeMap<>())
                    .merge((double) k.servicesCount(), k.minNs(), Math::min));
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        chart(
            "lookup-services",
            "First packet against the number of Services",
            "Both axes are logarithmic. Solid: models of the lookup alone, to the last Service or to any. Dashed: a kernel, a whole connect() to the last Service, of which the rules are a part; a guest's takes longer, whatever the rules. What walks rules rises with the Services; what hashes them stays level, but for caches.",
            "Services",
            lines,
            models));
  }

  /** Cost of a known connection's lookup against the size of the table, log-log. */
  private Optional<Chart> connections() {
    Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
    for (Rows.Jmh j : jmh) {
      String line =
          switch (j.benchmark()) {
            case "ConntrackBenchmark.lookup" ->
                "conntrack, " + j.otherParameters().replace("load=", "") + " a bucket";
            case "IpvsConnectionBenchmark.lookup" ->
                "ipvs, " + j.otherParameters().replace("table=", "");
            default -> "";
          };
      if (!line.isEmpty()) {
        lines
            .computeIfAbsent(line, _ -> new TreeMap<>())
            .put(Double.parseDouble(j.connectionsCount()), j.minNs());
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        chart(
            "lookup-connections",
            "Established packet against the number of connections",
            "Both axes are logarithmic; models. Lookups of connections drawn at random: what rises is the caches' doing, and, in a table whose buckets do not grow, longer chains.",
            "connections in the table",
            lines,
            lines.size()));
  }

  private static Chart chart(
      String id,
      String title,
      String description,
      String x,
      Map<String, Map<Double, Double>> lines,
      int solid) {
    Map<String, Object> option = base();
    List<String> names = List.copyOf(lines.keySet());
    option.put("tooltip", map("trigger", "item", "confine", true));
    option.put("legend", legend(names, 0));
    option.put("grid", map("left", 80, "right", 30, "top", 90, "bottom", 50));
    option.put("xAxis", map("type", "log", "name", x, "nameLocation", "middle", "nameGap", 30));
    option.put("yAxis", map("type", "log", "name", "µs", "nameTextStyle", map("align", "left")));
    List<Object> series = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      boolean dashed = i >= solid;
      String plane =
          names
              .get(i)
              .replace("guest ", "")
              .replace("kernel: ", "")
              .replace("-legacy", "")
              .replace(", any Service", "");
      int at = ORDER.indexOf(plane);
      String color = PALETTE.get((at < 0 ? i : at) % PALETTE.size());
      List<List<Double>> data = new ArrayList<>();
      lines.get(names.get(i)).forEach((k, ns) -> data.add(List.of(k, Math.round(ns) / NS_PER_US)));
      series.add(
          map(
              "name",
              names.get(i),
              "type",
              "line",
              "data",
              data,
              "symbol",
              names.get(i).contains("any") ? "emptyCircle" : dashed ? "diamond" : "circle",
              "symbolSize",
              8,
              "itemStyle",
              map("color", color),
              "lineStyle",
              map(
                  "color",
                  color,
                  "type",
                  dashed ? "dashed" : names.get(i).contains("any") ? "dotted" : "solid")));
    }
    option.put("series", series);
    return new Chart(id, title, description, option, WIDTH, HEIGHT, names);
  }
}
