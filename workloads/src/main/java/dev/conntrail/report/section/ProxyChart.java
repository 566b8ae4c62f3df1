package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How skewed proxies are that stand behind a Service, a point a cell, and as a draw has it. */
final class ProxyChart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final int POINT = 11;
  private static final List<Integer> DASH = List.of(24, 2);
  private static final String INK = "var(--ink, #1b1b1f)";
  private static final String MEASURED = "measured";
  private static final String DRAW = "a fair draw";

  private ProxyChart() {}

  /** Of all cells whose clients draw a proxy; empty where there is none. */
  static Optional<Chart> of(Analysis run) {
    List<List<Object>> points =
        run.results().measured().stream().flatMap(c -> point(run, c)).toList();
    return points.isEmpty() ? Optional.empty() : Optional.of(chart(points));
  }

  private static Stream<List<Object>> point(Analysis run, CellResults cell) {
    return run.cure(cell).map(CureRow::onProxies).stream()
        .flatMap(p ->
            p.proxiesFit().stream()
                .map(fit ->
                    List.<Object>of(
                        "#%d: %d, %s"
                            .formatted(cell.number(), Math.round(p.proxiesCount()), fit.phrase()),
                        TimelineSection.rounded(p.busiestProxyOverMean()),
                        TimelineSection.rounded(p.busiestProxyExpected()))));
  }

  private static Chart chart(List<List<Object>> points) {
    ChartTemplate template = ChartTemplate.of("proxies");
    template.data(List.of("cell", MEASURED, DRAW), points);
    template.repeatSeries(
        List.of(
            Map.of("name", DRAW, "column", DRAW, "symbol", "rect", "size", DASH, "colour", INK),
            Map.of(
                "name",
                MEASURED,
                "column",
                MEASURED,
                "symbol",
                "circle",
                "size",
                POINT,
                "colour",
                ChartTemplate.colour(0))));
    template.set("legend.data", List.of(MEASURED, DRAW));
    return template.chart(
        "drawn-proxies",
        "Proxies behind a Service of their own",
        "A point is a cell, mean over repetitions; a dash: a fair draw of as many connections has it"
            + " so on average. Below: whether the counts of all proxies agree with a draw.",
        WIDTH,
        HEIGHT,
        List.of());
  }
}
