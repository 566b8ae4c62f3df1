package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.HerdRow;
import java.util.List;
import java.util.stream.Stream;

/** Connects a second of connections that began together, as they were and as theory has them. */
final class HerdCharts {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final double MS_PER_S = 1000;
  private static final LineGroup MEASURED = new LineGroup(0, "measured", 0, "none");
  private static final LineGroup THEORY = new LineGroup(1, "theory", 1, "8 3");

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
    TimePanel panel =
        new TimePanel(
            "connects a second",
            Over.CLIENTS,
            List.of(
                line(MEASURED, herd, h -> point(h, repetitions, measured(h))),
                line(
                    THEORY,
                    herd,
                    h ->
                        point(
                            h,
                            repetitions,
                            new Counts(h.expectedCount(), h.leastCount(), h.mostCount())))),
            List.of(),
            herd.getLast().toMs() / MS_PER_S,
            "seconds after the start");
    return panel
        .template()
        .chart(
            "herd-" + cell.id(),
            "Connects after a common start: "
                + CureFindings.name(cell.cell().cure())
                + " (#"
                + cell.number()
                + ")",
            "Solid: measured in each tenth of the age, mean over repetitions. Dashed: theory; shaded: the"
                + " least and the most that it has, however late each connection is next used.",
            WIDTH,
            HEIGHT,
            List.of())
        .withStill(panel.svg(WIDTH, HEIGHT));
  }

  private interface Drawn {
    Point of(HerdRow row);
  }

  private static Line line(LineGroup group, List<HerdRow> herd, Drawn point) {
    return new Line(group.word(), group.style(), herd.stream().map(point::of).toList());
  }

  /** Connects in a stretch of time. */
  private record Counts(double mean, double low, double high) {}

  private static Counts measured(HerdRow h) {
    double n = (double) h.openedCount();
    return new Counts(n, n, n);
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
