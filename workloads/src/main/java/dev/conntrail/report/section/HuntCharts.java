package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.HuntRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Shares of requests on the first connections of pools, as they were and as theory has them. */
final class HuntCharts {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final LineGroup MEASURED = new LineGroup(0, "measured", 0, "none");
  private static final LineGroup THEORY = new LineGroup(1, "theory", 1, "8 3");

  private HuntCharts() {}

  /** A chart a cell. */
  static List<Chart> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(cell ->
            run.hunts().stream().filter(h -> h.cellId().equals(cell.id())).map(h -> chart(cell, h)))
        .toList();
  }

  private static Chart chart(CellResults cell, HuntRow hunt) {
    TimePanel panel =
        new TimePanel(
            "% of a client's requests",
            Over.CLIENTS,
            List.of(
                line(MEASURED, hunt, s -> new double[] {s.pct(), s.lowPct(), s.highPct()}),
                line(
                    THEORY,
                    hunt,
                    s ->
                        new double[] {
                          (s.expectedLowPct() + s.expectedHighPct()) / 2,
                          s.expectedLowPct(),
                          s.expectedHighPct()
                        })),
            List.of(),
            hunt.shares().size(),
            "connection, by its use in the warm-up");
    return panel
        .template()
        .chart(
            "hunt-" + cell.id(),
            "Requests on a shared pool's first connections: "
                + cell.title()
                + " (#"
                + cell.number()
                + ")",
            "Solid: measured, mean over clients of all repetitions; shaded: lowest to highest. Dashed:"
                + " Erlang's formula for a pool that takes the first that is free, by the median and by the mean service time.",
            WIDTH,
            HEIGHT,
            List.of())
        .withStill(panel.svg(WIDTH, HEIGHT));
  }

  /** Mean, lowest and highest at each place. */
  private static Line line(
      LineGroup group, HuntRow hunt, Function<HuntRow.Share, double[]> figures) {
    List<Point> points = new ArrayList<>();
    for (HuntRow.Share share : hunt.shares()) {
      double[] f = figures.apply(share);
      points.add(new Point(points.size() + 1, f[0], f[1], f[2]));
    }
    return new Line(group.word(), group.style(), points);
  }
}
