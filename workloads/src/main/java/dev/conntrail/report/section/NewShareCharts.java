package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.spec.Phases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Share of connections on pods that joined, as a maximum age moves it, and as theory has it. */
final class NewShareCharts {
  /** So many cells are told apart in a chart. */
  private static final int CELLS = 3;

  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;

  /** A cell, and its share moment by moment. */
  private record Shares(CellResults cell, List<NewShareRow> rows) {
    String number() {
      return "#" + cell.number();
    }

    TheoryChart.Both both() {
      return new TheoryChart.Both(
          number(),
          rows.stream().map(NewShareCharts::measured).toList(),
          rows.stream().map(NewShareCharts::theory).toList());
    }
  }

  private NewShareCharts() {}

  /** A chart for cells that are asked the same, looked at as long, and few enough. */
  static List<Chart> of(Analysis run) {
    List<Chart> charts = new ArrayList<>();
    for (CureGroup group : CureGroup.of(run.results())) {
      Map<Phases, List<Shares>> by = new LinkedHashMap<>();
      for (CellResults cell : group.cells()) {
        List<NewShareRow> rows =
            run.newShares().stream().filter(r -> r.cellId().equals(cell.id())).toList();
        if (!rows.isEmpty()) {
          by.computeIfAbsent(cell.cell().course().phases(), _ -> new ArrayList<>())
              .add(new Shares(cell, rows));
        }
      }
      by.values().forEach(cells -> add(charts, cells));
    }
    return charts;
  }

  private static void add(List<Chart> charts, List<Shares> cells) {
    for (int from = 0; from < cells.size(); from += CELLS) {
      charts.add(chart(cells.subList(from, Math.min(cells.size(), from + CELLS))));
    }
  }

  private static Chart chart(List<Shares> cells) {
    return new TheoryChart(
            "new-shares-" + cells.getFirst().cell().id(),
            "Connections on pods that joined: "
                + cells.stream()
                    .map(c -> CureFindings.name(c.cell().cell()) + " (" + c.number() + ")")
                    .collect(Collectors.joining("; ")),
            "Solid: measured, all repetitions together. Dashed: theory of the maximum age, from each"
                + " connection's own age when pods had joined; shaded: the least and the most that it"
                + " has, with ages 5 % longer or shorter and however late each connection is next"
                + " used.",
            "% of open connections",
            "seconds after pods had joined")
        .of(
            cells.stream().map(Shares::both).toList(),
            cells.stream()
                .mapToDouble(c -> c.rows().getLast().afterMs() / MS_PER_S)
                .max()
                .orElseThrow());
  }

  private static Point measured(NewShareRow row) {
    double pct = row.openCount() == 0 ? 0 : PCT * row.newCount() / row.openCount();
    return new Point(row.afterMs() / MS_PER_S, pct, pct, pct);
  }

  private static Point theory(NewShareRow row) {
    return new Point(row.afterMs() / MS_PER_S, row.expectedPct(), row.leastPct(), row.mostPct());
  }
}
