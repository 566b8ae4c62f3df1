package dev.conntrail.report.section;

import dev.conntrail.analysis.growth.CostPoint;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.row.ConnectionTable;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Costs of lookups as curves, log-log. */
final class LookupCharts {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 420;
  private static final List<String> COLORS = ChartTemplate.colours();

  /** Endpoints of each Service, where a chart shows one number of them. */
  private static final long ENDPOINTS = 3;

  private LookupCharts() {}

  /**
   * A curve.
   *
   * @param color place in the palette
   * @param dash of ECharts: solid, dashed or dotted
   * @param points cost by what is on the x axis
   */
  private record Line(String name, int color, String dash, Map<Long, Double> points) {}

  /** A first packet's cost against the number of Services. */
  static Optional<Chart> services(List<CostPoint> points) {
    List<Line> lines = new ArrayList<>();
    for (Source source : Source.values()) {
      for (Lookup lookup : Lookup.values()) {
        for (Target target : List.of(Target.LAST, Target.ANY)) {
          Line line = line(source, lookup, target, points);
          if (!line.points().isEmpty()) {
            lines.add(line);
          }
        }
      }
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            chart(
                "lookup-services",
                "What a first packet costs against the number of Services",
                "Both axes are logarithmic; means over loads or forks. Models: the lookup alone. Kernels: a whole connect(), of which the rules are a part. Solid: a model, to the last Service; dashed: a kernel, to the last; dotted: either, to a Service drawn anew each time, whose memory the caches may no longer hold.",
                "Services",
                lines));
  }

  private static Line line(Source source, Lookup lookup, Target target, List<CostPoint> points) {
    Map<Long, Double> costs = new LinkedHashMap<>();
    points.stream()
        .filter(p ->
            p.source() == source
                && p.lookup() == lookup
                && p.target() == target
                && p.packet() == Packet.FIRST
                && p.endpoints().equals(Optional.of(ENDPOINTS)))
        .forEach(p -> costs.put(p.services(), p.ns()));
    String where =
        switch (source) {
          case MODEL -> "model: ";
          case KERNEL -> "kernel: ";
          case GUEST_KERNEL -> "guest: ";
        };
    return new Line(
        where + lookup.word() + (target == Target.ANY ? ", any" : ""),
        List.of(Lookup.values()).indexOf(lookup),
        target == Target.ANY ? "dotted" : source == Source.MODEL ? "solid" : "dashed",
        costs);
  }

  /** What finding a known connection costs against how many there are, in the models. */
  static Optional<Chart> connections(List<JmhRow> jmh) {
    List<Line> lines = new ArrayList<>();
    for (ConnectionTable table : ConnectionTable.values()) {
      Map<Long, Double> costs = new LinkedHashMap<>();
      List<JmhRow> those =
          jmh.stream().filter(j -> j.what().table().equals(Optional.of(table))).toList();
      for (long connections : sizes(those)) {
        mean(those, connections).ifPresent(ns -> costs.put(connections, ns));
      }
      if (!costs.isEmpty()) {
        lines.add(
            new Line(
                table.word(), List.of(ConnectionTable.values()).indexOf(table), "solid", costs));
      }
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            chart(
                "lookup-connections",
                "What finding a known connection costs against how many there are",
                "Both axes are logarithmic; means over forks of the models, connections drawn at random. A curve may rise because caches no longer hold the memory, or, where the buckets do not grow, because chains are longer.",
                "connections in the table",
                lines));
  }

  private static Set<Long> sizes(List<JmhRow> rows) {
    TreeSet<Long> all = new TreeSet<>();
    rows.forEach(j -> j.what().connectionsCount().ifPresent(all::add));
    return all;
  }

  private static OptionalDouble mean(List<JmhRow> rows, long connections) {
    return rows.stream()
        .filter(j -> j.what().connectionsCount().equals(Optional.of(connections)))
        .mapToDouble(JmhRow::p50Ns)
        .average();
  }

  private static Chart chart(
      String id, String title, String description, String x, List<Line> lines) {
    TreeSet<Long> places = new TreeSet<>();
    lines.forEach(l -> places.addAll(l.points().keySet()));
    List<String> columns = new ArrayList<>(List.of("x"));
    lines.forEach(l -> columns.add(l.name()));
    List<List<Object>> rows = new ArrayList<>();
    for (long place : places) {
      List<Object> row = new ArrayList<>(List.of(place));
      lines.forEach(l -> row.add(rounded(l.points().get(place))));
      rows.add(row);
    }
    List<String> names = lines.stream().map(Line::name).toList();
    ChartTemplate template = ChartTemplate.of("lookups");
    template.data(columns, rows).seriesOf(names).set("xAxis.0.name", x);
    for (int i = 0; i < lines.size(); i++) {
      String color = COLORS.get(lines.get(i).color() % COLORS.size());
      template.set("series." + i + ".itemStyle", Map.of("color", color));
      template.set(
          "series." + i + ".lineStyle", Map.of("color", color, "type", lines.get(i).dash()));
    }
    return template.chart(id, title, description, WIDTH, HEIGHT, names);
  }

  /**
   * Two digits after the point, which is more than a clock can tell; nothing where not measured.
   */
  private static Object rounded(Double ns) {
    return ns == null ? "-" : Math.round(ns * 100) / 100.0;
  }
}
