package dev.conntrail.report.chart;

import static dev.conntrail.report.chart.Svg.at;

/**
 * A ratio with its interval on a logarithmic axis, as a row of a forest plot: the margin is a band,
 * a ratio of 1 a line; what leaves the axis ends in an arrow.
 *
 * @param farthest the ratio at the right end of the axis; its inverse is at the left
 * @param margin the ratio that matters
 */
public record IntervalBar(double farthest, double margin) {
  private static final int WIDTH = 180;
  private static final int HEIGHT = 16;
  private static final double MIDDLE = HEIGHT / 2.0;
  private static final double HALF_MARK = 3.5;
  private static final double ARROW = 5;

  private double x(double ratio) {
    double part = Math.log(ratio) / Math.log(farthest);
    return WIDTH * (1 + Math.clamp(part, -1, 1)) / 2;
  }

  /**
   * Draws one.
   *
   * @param colour of the interval, a variable of the page
   */
  public String svg(double ratio, double low, double high, String colour) {
    Svg svg = new Svg(WIDTH, HEIGHT);
    svg.area(Frame.box(x(1 / margin), HEIGHT, x(margin), 0), "var(--band,#5a5a5a2e)");
    svg.marker("M" + at(x(1), 0) + "V" + at(HEIGHT));
    if (Double.isFinite(ratio)) {
      svg.line("M" + at(x(low), MIDDLE) + "H" + at(x(high)), colour, "none");
      if (low < 1 / farthest) {
        svg.area(arrow(0, ARROW), colour);
      }
      if (high > farthest) {
        svg.area(arrow(WIDTH, WIDTH - ARROW), colour);
      }
      svg.area(
          Frame.box(
              x(ratio) - HALF_MARK, MIDDLE + HALF_MARK, x(ratio) + HALF_MARK, MIDDLE - HALF_MARK),
          colour);
    }
    return svg.toString();
  }

  private static String arrow(double tip, double back) {
    return "M"
        + at(tip, MIDDLE)
        + "L"
        + at(back, MIDDLE - ARROW)
        + "L"
        + at(back, MIDDLE + ARROW)
        + "Z";
  }
}
