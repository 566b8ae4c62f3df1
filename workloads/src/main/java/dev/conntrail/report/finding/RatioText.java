package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.result.row.RatioRow;
import java.util.stream.Collectors;

/** A ratio in words that follow from its interval. */
public final class RatioText {
  private static final double ALL_PCT = 100;

  private RatioText() {}

  /** {@code 0.80 times (0.77 to 0.84)}. */
  static Sentence times(RatioRow r) {
    return Sentence.of("{ratio} times ({low} to {high})")
        .with("ratio", r.ratio())
        .with("low", r.ratioLow())
        .with("high", r.ratioHigh());
  }

  /** Whether the one is dearer than the other, and by how much. */
  public static String difference(RatioRow r) {
    return differenceOf(r).text();
  }

  /** The same with its figures. */
  static Sentence differenceOf(RatioRow r) {
    if (r.ratioHigh() < 1) {
      return Sentence.of("cheaper by {least} to {most} %")
          .with("least", pct(1 - r.ratioHigh()))
          .with("most", pct(1 - r.ratioLow()));
    }
    if (r.ratioLow() > 1) {
      return Sentence.of("dearer by {least} to {most} %")
          .with("least", pct(r.ratioLow() - 1))
          .with("most", pct(r.ratioHigh() - 1));
    }
    return Sentence.of(
            """
            no dearer and no cheaper as far as can be told (from {cheaper} % cheaper to {dearer} %
            dearer)
            """)
        .with("cheaper", pct(1 - r.ratioLow()))
        .with("dearer", pct(r.ratioHigh() - 1));
  }

  private static double pct(double share) {
    return Math.rint(ALL_PCT * share);
  }

  /** Which numbers of Services. */
  public static String services(RatioRow r) {
    return r.servicesCounts().stream().map(s -> count(s)).collect(Collectors.joining("; "));
  }
}
