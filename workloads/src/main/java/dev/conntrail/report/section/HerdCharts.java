package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.HerdRow;
import java.util.List;
import java.util.stream.Stream;

/** Connects a second of connections that began together, as they were and as theory has them. */
final class HerdCharts {
  private static final double MS_PER_S = 1000;

  private HerdCharts() {}

  /** A chart a cell. */
  static List<Chart> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(cell -> {
          List<HerdRow> herd =
              run.herds().stream().filter(h -> h.cellId().equals(cell.id())).toList();
          return herd.isEmpty() ? Stream.empty() : Stream.of(chart(cell, herd));
        })
        .toList();
  }

  private static Chart chart(CellResults cell, List<HerdRow> herd) {
    int repetitions = cell.counted().size();
    return new TheoryChart(
            "herd-" + cell.id(),
            "Connects after a common start: "
                + CureFindings.name(cell.cell())
                + " (#"
                + cell.number()
                + ")",
            "Solid: measured in each tenth of the age, mean over repetitions. Dashed: theory; shaded: the"
                + " least and the most that it has, however late each connection is next used.",
            "connects a second",
            "seconds after the start")
        .of(
            herd.stream().map(h -> point(h, repetitions, measured(h))).toList(),
            herd.stream().map(h -> point(h, repetitions, theory(h))).toList(),
            herd.getLast().toMs() / MS_PER_S);
  }

  /** Connects in a stretch of time. */
  private record Counts(double mean, double low, double high) {}

  private static Counts measured(HerdRow h) {
    double n = (double) h.openedCount();
    return new Counts(n, n, n);
  }

  private static Counts theory(HerdRow h) {
    return new Counts(h.expectedCount(), h.leastCount(), h.mostCount());
  }

  private static Point point(HerdRow h, int repetitions, Counts counts) {
    double seconds = repetitions * (h.toMs() - h.fromMs()) / MS_PER_S;
    return new Point(
        (h.fromMs() + h.toMs()) / 2 / MS_PER_S,
        counts.mean() / seconds,
        counts.low() / seconds,
        counts.high() / seconds);
  }
}
