package dev.conntrail.report.render;

import dev.conntrail.report.block.Chart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The charts of a page as SVG, each drawn once.
 *
 * @param shown charts that stand in the page itself, by id
 * @param hidden those that open below a row, by id
 */
public record Drawings(Map<String, Drawing> shown, Map<String, Drawing> hidden) {
  /** A chart and its SVG. */
  public record Drawing(Chart chart, String svg) {}

  /** The SVG of a chart. */
  String svg(Chart chart) {
    return (shown.containsKey(chart.id()) ? shown : hidden).get(chart.id()).svg();
  }

  /** The options of all of them, by id. */
  Map<String, Object> options() {
    Map<String, Object> options = new LinkedHashMap<>();
    Stream.of(shown, hidden)
        .flatMap(m -> m.values().stream())
        .forEach(d -> options.put(d.chart().id(), d.chart().option()));
    return options;
  }
}
