package dev.conntrail.report.section;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import java.util.List;

/**
 * A chart of what was measured, with theory beside it.
 *
 * @param id of the chart
 * @param title of the chart
 * @param caption says what both lines are
 * @param up what is measured
 * @param along by what
 */
record TheoryChart(String id, String title, String caption, String up, String along) {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final LineGroup MEASURED = new LineGroup(0, "measured", 0, "none");
  private static final LineGroup THEORY = new LineGroup(1, "theory", 1, "8 3");

  /** Drawn from 0 to some end. */
  Chart of(List<Point> measured, List<Point> theory, double end) {
    TimePanel panel =
        new TimePanel(
            up,
            Over.CLIENTS,
            List.of(line(MEASURED, measured), line(THEORY, theory)),
            List.of(),
            end,
            along);
    return panel
        .template()
        .chart(id, title, caption, WIDTH, HEIGHT, List.of())
        .withStill(panel.svg(WIDTH, HEIGHT));
  }

  private static Line line(LineGroup group, List<Point> points) {
    return new Line(group.word(), group.style(), points);
  }
}
