package dev.conntrail.report.section;

import dev.conntrail.record.Quantiles;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.section.TimelineSection.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Drift of the machine: each repetition's medians against those of its own cell, so that cells that
 * are slow by nature do not look like drift; and the longest response of each.
 */
final class DriftCharts {
  private static final double NS_PER_MS = 1e6;
  private static final int WIDTH = 600;
  private static final int HEIGHT = 300;

  private DriftCharts() {}

  static List<Chart> of(List<CellResults> cells, Map<CellId, SortedMap<Integer, Span>> spans) {
    List<Chart> charts = new ArrayList<>();
    Map<String, List<List<Object>>> medians = new LinkedHashMap<>();
    medians.put("response", points(cells, spans, s -> s.response().exactP50Ns()));
    medians.put("connect", points(cells, spans, s -> s.connect().p50Ns()));
    medians.values().removeIf(List::isEmpty);
    if (!medians.isEmpty()) {
      charts.add(
          scatter(
              medians,
              "median over that of the cell",
              2,
              "drift",
              "Drift",
              "Each point is a repetition: its median time over the median of its own cell's"
                  + " repetitions. Drift of the machine shows as a slope, noise as a cloud round 1."));
    }
    Map<String, List<List<Object>>> longest = longest(cells, spans);
    if (!longest.isEmpty()) {
      charts.add(
          scatter(
              longest,
              "longest response, ms",
              10,
              "longest",
              "Longest response of each repetition",
              "Each point is a repetition; where a request had no answer its longest is longer still."
                  + " Stalls of the machine show as points that stand apart in"
                  + " all protocols at the same time."));
    }
    return charts;
  }

  private static Chart scatter(
      Map<String, List<List<Object>>> groups,
      String figure,
      int logBase,
      String id,
      String title,
      String description) {
    ChartTemplate template = ChartTemplate.of("drift");
    List<Map<String, Object>> series = new ArrayList<>();
    groups.forEach((name, points) -> {
      series.add(
          Map.of(
              "name",
              name,
              "dataset",
              series.size(),
              "symbol",
              ChartTemplate.symbol(series.size())));
      template.data(List.of("s", "y"), points);
    });
    template.repeatSeries(series);
    template.set("yAxis.name", figure);
    template.set("yAxis.logBase", logBase);
    return template.chart(id, title, description, WIDTH, HEIGHT, List.copyOf(groups.keySet()));
  }

  private static List<List<Object>> points(
      List<CellResults> cells,
      Map<CellId, SortedMap<Integer, Span>> spans,
      ToDoubleFunction<SummaryRow> metric) {
    List<List<Object>> points = new ArrayList<>();
    for (CellResults c : cells) {
      List<Double> medians =
          c.repetitions().stream()
              .map(r -> metric.applyAsDouble(r.summary()))
              .filter(ns -> Double.isFinite(ns) && ns > 0)
              .toList();
      double usual = Quantiles.median(medians);
      for (RepetitionResults r : c.repetitions()) {
        double ns = metric.applyAsDouble(r.summary());
        Span span = spans.get(c.id()).get(r.number());
        if (medians.size() > 1 && span != null && ns > 0) {
          points.add(List.of(span.from(), TimelineSection.rounded(ns / usual)));
        }
      }
    }
    return points;
  }

  private static Map<String, List<List<Object>>> longest(
      List<CellResults> cells, Map<CellId, SortedMap<Integer, Span>> spans) {
    Map<Protocol, List<List<Object>>> byProtocol = new TreeMap<>();
    for (CellResults c : cells) {
      for (RepetitionResults r : c.repetitions()) {
        double ns = r.summary().response().maxNs();
        Span span = spans.get(c.id()).get(r.number());
        if (span != null && ns > 0) {
          byProtocol
              .computeIfAbsent(c.cell().protocol(), _ -> new ArrayList<>())
              .add(List.of(span.from(), TimelineSection.rounded(ns / NS_PER_MS)));
        }
      }
    }
    Map<String, List<List<Object>>> named = new LinkedHashMap<>();
    byProtocol.forEach((protocol, points) -> named.put(protocol.word(), points));
    return named;
  }
}
