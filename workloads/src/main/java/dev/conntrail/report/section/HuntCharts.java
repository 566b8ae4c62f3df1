package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.HuntRow;
import dev.conntrail.result.row.HuntRow.Share;
import java.util.ArrayList;
import java.util.List;

/** Shares of requests on the first connections of pools, as they were and as theory has them. */
final class HuntCharts {
  private HuntCharts() {}

  /** A chart a cell. */
  static List<Chart> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(cell -> run.hunt(cell).map(h -> chart(cell, h)).stream())
        .toList();
  }

  private static Chart chart(CellResults cell, HuntRow hunt) {
    List<Point> measured = new ArrayList<>();
    List<Point> theory = new ArrayList<>();
    for (Share s : hunt.shares()) {
      int place = measured.size() + 1;
      measured.add(new Point(place, s.pct(), s.lowPct(), s.highPct()));
      theory.add(
          new Point(
              place,
              (s.expectedLowPct() + s.expectedHighPct()) / 2,
              s.expectedLowPct(),
              s.expectedHighPct()));
    }
    return new TheoryChart(
            "hunt-" + cell.id(),
            "Requests on a shared pool's first connections: "
                + cell.title()
                + " (#"
                + cell.number()
                + ")",
            "Solid: measured, mean over clients of all repetitions; shaded: lowest to highest. Dashed:"
                + " Erlang's formula for a pool that takes the first that is free, by the median and by the mean service time.",
            "% of a client's requests",
            "connection, by its use in the warm-up")
        .of(measured, theory, measured.size());
  }
}
