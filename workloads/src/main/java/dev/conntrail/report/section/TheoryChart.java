package dev.conntrail.report.section;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import java.util.ArrayList;
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
  private static final String SOLID = "none";
  private static final String DASHED = "8 3";
  private static final LineGroup MEASURED = new LineGroup(0, "measured", 0, SOLID);
  private static final LineGroup THEORY = new LineGroup(1, "theory", 1, DASHED);

  /**
   * Both lines of a cell.
   *
   * @param name of the cell, short
   */
  record Both(String name, List<Point> measured, List<Point> theory) {}

  /** Drawn from 0 to some end. */
  Chart of(List<Point> measured, List<Point> theory, double end) {
    return drawn(List.of(line(MEASURED, measured), line(THEORY, theory)), end);
  }

  /** The same of several cells that were looked at at the same moments, a colour each. */
  Chart of(List<Both> cells, double end) {
    if (cells.size() == 1) {
      return of(cells.getFirst().measured(), cells.getFirst().theory(), end);
    }
    List<Line> lines = new ArrayList<>();
    for (Both cell : cells) {
      int place = lines.size();
      int colour = place / 2;
      lines.add(line(new LineGroup(place, cell.name(), colour, SOLID), cell.measured()));
      lines.add(
          line(new LineGroup(place + 1, cell.name() + ", theory", colour, DASHED), cell.theory()));
    }
    return drawn(lines, end);
  }

  private Chart drawn(List<Line> lines, double end) {
    TimePanel panel = new TimePanel(up, Over.CLIENTS, lines, List.of(), end, along);
    return panel
        .template()
        .chart(id, title, caption, WIDTH, HEIGHT, List.of())
        .withStill(panel.svg(WIDTH, HEIGHT));
  }

  private static Line line(LineGroup group, List<Point> points) {
    return new Line(group.word(), group.style(), points);
  }
}
