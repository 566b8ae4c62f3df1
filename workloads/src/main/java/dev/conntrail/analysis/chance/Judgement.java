package dev.conntrail.analysis.chance;

import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import java.util.Comparator;
import java.util.List;

/**
 * The verdict on one draw, and what it rests on.
 *
 * @param verdict what can be said
 * @param decisive the test with the smallest adjusted probability
 * @param p that probability
 * @param familyLevel what it was compared with
 * @param sensitivity what could have been found
 */
public record Judgement(
    Verdict verdict, Tested decisive, double p, double familyLevel, Sensitivity sensitivity) {
  /** Below this power against one pod at twice its share, nothing found says nothing. */
  public static final double ENOUGH_POWER = 0.8;

  /**
   * Decides: not chance, if the smallest adjusted probability is at most the level; else too few
   * connections, if one pod at twice its share would be found in less than {@value #ENOUGH_POWER}
   * of draws; else consistent with chance.
   *
   * @param tests of this draw, at least one, adjusted within their family
   * @param familyLevel chance of any false alarm in the family
   */
  public static Judgement of(
      List<Holm.Adjusted<Tested>> tests, double familyLevel, Sensitivity sensitivity) {
    Holm.Adjusted<Tested> least =
        tests.stream()
            .min(
                Comparator.<Holm.Adjusted<Tested>>comparingDouble(Holm.Adjusted::p)
                    .thenComparingDouble(t -> t.test().result().p()))
            .orElseThrow(
                () -> new IllegalArgumentException("tests: found none; allowed: one or more"));
    return new Judgement(
        verdict(least, familyLevel, sensitivity),
        least.test(),
        least.p(),
        familyLevel,
        sensitivity);
  }

  private static Verdict verdict(
      Holm.Adjusted<Tested> least, double familyLevel, Sensitivity sensitivity) {
    if (least.p() <= familyLevel) {
      return switch (least.test().result().side()) {
        case UNEVEN -> Verdict.TOO_UNEVEN;
        case EVEN -> Verdict.TOO_EVEN;
      };
    }
    return sensitivity.powerAtTwice() < ENOUGH_POWER ? Verdict.TOO_FEW : Verdict.CONSISTENT;
  }

  /** One sentence, without a full stop. */
  public String text() {
    return switch (verdict) {
      case TOO_UNEVEN, TOO_EVEN ->
          verdict.text()
              + " ("
              + Figures.p(p)
              + (decisive.form() == Form.STRATIFIED ? ", repetition by repetition)" : ")");
      case CONSISTENT ->
          verdict.text()
              + sensitivity
                  .smallestShare()
                  .map(s -> ", and would have found one pod at " + Figures.percent(s))
                  .orElse("");
      case TOO_FEW -> verdict.text();
    };
  }
}
