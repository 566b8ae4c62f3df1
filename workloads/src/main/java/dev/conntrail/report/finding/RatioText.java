package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.result.row.RatioRow;
import java.util.stream.Collectors;

/** A ratio in words that follow from its interval. */
public final class RatioText {
  private static final double ALL_PCT = 100;

  private RatioText() {}

  /** {@code 0.80 times (0.77 to 0.84)}. */
  public static String times(RatioRow r) {
    return number(r.ratio())
        + " times ("
        + number(r.ratioLow())
        + " to "
        + number(r.ratioHigh())
        + ")";
  }

  /** Whether the one is dearer than the other, and by how much. */
  public static String difference(RatioRow r) {
    if (r.ratioHigh() < 1) {
      return "cheaper by " + pct(1 - r.ratioHigh()) + " to " + pct(1 - r.ratioLow()) + " %";
    }
    if (r.ratioLow() > 1) {
      return "dearer by " + pct(r.ratioLow() - 1) + " to " + pct(r.ratioHigh() - 1) + " %";
    }
    return "no dearer and no cheaper as far as can be told (from "
        + pct(1 - r.ratioLow())
        + " % cheaper to "
        + pct(r.ratioHigh() - 1)
        + " % dearer)";
  }

  private static String pct(double share) {
    return number(Math.rint(ALL_PCT * share));
  }

  /** Which numbers of Services. */
  public static String services(RatioRow r) {
    return r.servicesCounts().stream().map(s -> count(s)).collect(Collectors.joining("; "));
  }
}
