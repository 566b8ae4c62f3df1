package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.compare.GateTime;
import dev.conntrail.compare.Interval;
import dev.conntrail.compare.PairTitle;
import dev.conntrail.compare.TimeComparison;
import dev.conntrail.compare.Timed;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import java.util.OptionalInt;

/**
 * A ratio of times, as a row of a forest plot.
 *
 * @param title of what
 * @param timed which time
 * @param nsA median of A, nanoseconds
 * @param nsB median of B
 * @param n values on each side
 * @param ratio of B to A
 * @param interval of the ratio
 * @param adjustedP not a number where none was had
 * @param change the verdict
 * @param beyond whether it is slower by more than the margin
 * @param found the ratio that such a comparison finds in 8 of 10 times; not a number if unknown
 * @param needed values a side that would find the margin
 */
record ForestRow(
    String title,
    Timed timed,
    double nsA,
    double nsB,
    String n,
    double ratio,
    Interval interval,
    double adjustedP,
    Change change,
    boolean beyond,
    double found,
    OptionalInt needed) {
  static ForestRow of(TimeComparison t, double margin) {
    return new ForestRow(
        t.pair().title(),
        t.timed(),
        t.a().ns(),
        t.b().ns(),
        t.a().repetitions() + ", " + t.b().repetitions(),
        t.ratio(),
        t.interval(),
        t.adjustedP(),
        t.change(),
        t.slowerBeyond(margin),
        t.detectable(),
        t.needed());
  }

  /** What such a comparison finds, and what it would take to find the margin. */
  String finds() {
    if (Double.isNaN(found)) {
      return "";
    }
    String ratio = Double.isInfinite(found) ? "nothing" : Numbers.number(found) + "\u00d7";
    return needed.isPresent() ? ratio + "; margin: " + needed.getAsInt() + " a side" : ratio;
  }

  static ForestRow of(GateTime t, double margin) {
    String title = PairTitle.of(t.a(), t.b());
    return new ForestRow(
        t.control() ? title + " (negative control)" : title,
        t.timed(),
        t.nsA(),
        t.nsB(),
        Integer.toString(t.blocks()),
        t.ratio(),
        t.interval(),
        t.adjustedP(),
        t.change(),
        t.slowerBeyond(margin),
        Double.NaN,
        OptionalInt.empty());
  }

  /** The verdict as people say it. */
  String verdict() {
    return switch (change) {
      case SLOWER -> beyond ? "slower, beyond the margin" : "slower";
      case FASTER -> "faster";
      case NO_CHANGE -> "no change beyond the margin";
      case CANNOT_TELL -> "cannot tell";
      case NOISE_UNKNOWN -> "no verdict: between-run noise unknown";
      case NOT_COMPARABLE -> "not comparable";
      case SHOWN -> "";
    };
  }

  Tone tone() {
    return switch (change) {
      case SLOWER -> Tone.BAD;
      case FASTER, NO_CHANGE -> Tone.GOOD;
      case CANNOT_TELL, NOISE_UNKNOWN, NOT_COMPARABLE -> Tone.UNKNOWN;
      case SHOWN -> Tone.PLAIN;
    };
  }

  /** The ratio and its interval. */
  String ratioText() {
    return Double.isFinite(ratio)
        ? (Numbers.number(ratio) + "\u00d7 " + intervalText()).strip()
        : "NA";
  }

  private String intervalText() {
    boolean bounded = interval.low() > 0 && Double.isFinite(interval.high());
    return bounded
        ? "(" + Numbers.number(interval.low()) + " to " + Numbers.number(interval.high()) + ")"
        : "";
  }
}
