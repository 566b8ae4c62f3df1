package dev.conntrail.report.chart;

import static dev.conntrail.report.chart.Svg.at;

import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.chart.Svg.Anchor;

/**
 * Where a panel lies in a drawing, and what its axes hold, from 0 on.
 *
 * @param left pixels
 * @param top pixels
 * @param right pixels
 * @param bottom pixels
 * @param mostX value at the right
 * @param mostY value at the top
 */
public record Frame(
    double left, double top, double right, double bottom, double mostX, double mostY) {
  /** Lines of the grid that fit, about. */
  private static final int LINES = 4;

  private static final double[] STEPS = {1, 2, 5, 10};
  private static final double BELOW_AXIS = 16;
  private static final double NAME_BELOW = 32;
  private static final double ABOVE_PANEL = 8;
  private static final double BESIDE_AXIS = 6;
  private static final double HALF_TEXT = 4;

  double x(double value) {
    return left + (right - left) * value / mostX;
  }

  double y(double value) {
    return bottom - (bottom - top) * value / mostY;
  }

  /** A round distance between lines of a grid that holds so much. */
  static double step(double most) {
    double rough = most / LINES;
    double unit = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double step : STEPS) {
      if (step * unit >= rough) {
        return step * unit;
      }
    }
    throw new IllegalStateException("ten of the unit are enough for " + most);
  }

  /** The next line of the grid at or above a value; 1 for nothing. */
  public static double roundedUp(double most) {
    return most > 0 ? Math.ceil(most / step(most) - 1e-9) * step(most) : 1;
  }

  /** Draws the grid with its figures, and the name above. */
  void draw(Svg svg, String name) {
    double step = step(mostY);
    StringBuilder grid = new StringBuilder();
    svg.hold(Anchor.END);
    for (double v = 0; v <= mostY + step / 2; v += step) {
      grid.append('M').append(at(left, y(v))).append('H').append(at(right));
      svg.text(left - BESIDE_AXIS, y(v) + HALF_TEXT, Numbers.number(v));
    }
    svg.rule(grid.toString());
    svg.hold(Anchor.START).text(left, top - ABOVE_PANEL, name);
  }

  /** Names the axis below; its own figures follow. */
  Svg below(Svg svg, String name) {
    return svg.hold(Anchor.MIDDLE).text((left + right) / 2, bottom + NAME_BELOW, name);
  }

  /** Writes below the axis, at a place of it. */
  void below(Svg svg, double value, String text) {
    svg.text(x(value), bottom + BELOW_AXIS, text);
  }

  /** A rectangle as a path. */
  static String box(double left, double top, double right, double bottom) {
    return "M" + at(left, top) + "H" + at(right) + "V" + at(bottom) + "H" + at(left) + "Z";
  }
}
