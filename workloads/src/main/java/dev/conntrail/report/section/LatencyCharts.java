package dev.conntrail.report.section;

import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Response time by percentile: a chart for each kernel and protocol, a line for each cell in which
 * nothing is brought about.
 */
final class LatencyCharts {
  private static final List<Double> PERCENTILES =
      List.of(0.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99, 100.0);
  private static final double NS_PER_MS = 1e6;
  private static final double DIGITS = 1e4;
  private static final int WIDTH = 600;
  private static final int HEIGHT = 340;
  private static final int LEGEND_ROW = 26;
  private static final int LEGEND_PADDING = 10;
  private static final int LEGEND_KEY = 44;
  private static final double LEGEND_LETTER = 7.08;

  private LatencyCharts() {}

  /** Cells whose times may stand beside each other. */
  private record Group(TestbedKind testbed, Protocol protocol) {}

  static List<Chart> of(List<CellResults> cells) {
    Map<Group, List<CellResults>> groups = new LinkedHashMap<>();
    cells.stream()
        .filter(c -> c.cell().plain() && c.latencies().get(Metric.RESPONSE).getTotalCount() > 0)
        .forEach(c ->
            groups
                .computeIfAbsent(
                    new Group(c.testbed(), c.cell().protocol()), _ -> new ArrayList<>())
                .add(c));
    return groups.entrySet().stream().map(e -> chart(e.getKey(), e.getValue())).toList();
  }

  private static Chart chart(Group group, List<CellResults> cells) {
    List<String> names = CellNames.of(cells);
    List<String> columns = new ArrayList<>(List.of("percentile"));
    columns.addAll(names);
    ChartTemplate template = ChartTemplate.of("latency");
    template.data(columns, PERCENTILES.stream().map(p -> row(p, cells)).toList());
    template.seriesOf(names);
    int rows = legendRows(names);
    template.set("grid.top", 24 + LEGEND_ROW * rows);
    return template.chart(
        "latency-" + group.testbed().word() + "-" + group.protocol().word(),
        "Response time, " + group.protocol().word() + ", " + group.testbed().word(),
        "Percentiles of all repetitions together; a line ends where fewer than five values lie"
            + " beyond a percentile, or requests without an answer begin; its longest stands"
            + " apart.",
        WIDTH,
        HEIGHT + LEGEND_ROW * (rows - 1),
        names);
  }

  /** Lines that a legend takes: as many names on each as fit. */
  private static int legendRows(List<String> names) {
    int rows = 1;
    double filled = 0;
    for (String name : names) {
      double wide = LEGEND_KEY + LEGEND_LETTER * name.length();
      if (filled > 0 && filled + wide > WIDTH - LEGEND_PADDING) {
        rows++;
        filled = 0;
      }
      filled += wide;
    }
    return rows;
  }

  private static List<Object> row(double percentile, List<CellResults> cells) {
    List<Object> row = new ArrayList<>();
    row.add(percentile == 100 ? "longest" : Numbers.number(percentile) + " %");
    for (CellResults c : cells) {
      double ms = value(CensoredTimes.of(c.latencies()), percentile) / NS_PER_MS;
      row.add(Double.isFinite(ms) ? Math.round(ms * DIGITS) / DIGITS : "-");
    }
    return row;
  }

  /** Not a number where too few values lie beyond it, or only a lower bound is known. */
  private static double value(CensoredTimes times, double percentile) {
    CensoredTimes.Time time = times.percentile(percentile);
    return !time.atLeast() && (percentile == 100 || Times.tells(times.count(), percentile))
        ? time.ns()
        : Double.NaN;
  }
}
