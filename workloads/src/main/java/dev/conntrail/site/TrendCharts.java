package dev.conntrail.site;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.site.Trends.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A chart for each measure, a line for each cell. */
final class TrendCharts {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 300;
  private static final int LEGEND_ROW = 22;
  private static final double DIGITS = 1e6;

  private TrendCharts() {}

  static List<Chart> of(Trends t) {
    List<Chart> charts = new ArrayList<>();
    for (Measure measure : Measure.values()) {
      List<Series> series = t.of(measure);
      if (!series.isEmpty()) {
        charts.add(chart(t, measure, series));
      }
    }
    return charts;
  }

  private static Chart chart(Trends t, Measure measure, List<Series> all) {
    List<String> names = all.stream().map(s -> s.cell().title()).toList();
    ChartTemplate template = ChartTemplate.of("trend");
    List<Map<String, Object>> series = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of("run"));
    for (Series s : all) {
      columns.add(s.cell().title());
      series.add(
          Map.of(
              "name",
              s.cell().title(),
              "symbol",
              ChartTemplate.symbol(series.size()),
              "colour",
              ChartTemplate.colour(series.size()),
              "changes",
              s.changes().stream().map(c -> Map.of("xAxis", c.at())).toList()));
    }
    template.data(columns, rows(t, measure, all));
    template.repeatSeries(series);
    template.set("yAxis.name", measure.axis());
    template.set("yAxis.type", measure.logarithmic() ? "log" : "value");
    template.set("grid.top", 2 * LEGEND_ROW + LEGEND_ROW * names.size());
    return template.chart(
        "trend-" + measure.word(),
        measure.title(),
        "Each point is a run; a dotted line stands where the values of a cell change by more than"
            + " chance.",
        WIDTH,
        HEIGHT + LEGEND_ROW * names.size(),
        names);
  }

  private static List<List<Object>> rows(Trends t, Measure measure, List<Series> all) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < t.runs().size(); i++) {
      List<Object> row = new ArrayList<>(List.of(t.runs().get(i).minute()));
      for (Series s : all) {
        double value = measure.shown(s.values().get(i));
        row.add(Double.isFinite(value) ? Math.round(value * DIGITS) / DIGITS : "-");
      }
      rows.add(row);
    }
    return rows;
  }
}
