package dev.conntrail.report.finding;

import dev.conntrail.result.row.Fit;

/** Whether what was seen and theory agree, in words. */
final class FitText {
  private FitText() {}

  /**
   * In words.
   *
   * @param pAdjusted probability of what was seen if theory holds, corrected for all such tests
   * @param other what would be found, and in how many runs: {@code turns would be found in {power}
   *     % of such runs}
   * @param power that share, per cent
   */
  static Sentence of(Fit fit, double pAdjusted, String other, double power) {
    return switch (fit) {
      case AGREES -> Sentence.of("both agree, and " + other).with("power", power);
      case DIFFERS -> Sentence.of("they differ ({p})").withTest("p", pAdjusted);
      case CANNOT_TELL -> Sentence.of("too little to tell");
    };
  }
}
