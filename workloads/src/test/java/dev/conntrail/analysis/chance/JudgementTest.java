package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static Holm.Adjusted<Tested> tested(Form form, double pUneven, double pEven, double p) {
    return new Holm.Adjusted<>(
        new Tested(form, new TestResult(12.5, pUneven, pEven, new Method.Exact())), p);
  }

  private static Sensitivity power(double atTwice) {
    return new Sensitivity(10, 0.0005, atTwice, Optional.of(0.1354), OptionalLong.of(9000));
  }

  @Test
  void theFourVerdicts() {
    Judgement uneven = Judgement.of(List.of(tested(Form.POOLED, 1e-7, 1, 4e-7)), 0.001, power(0.1));
    assertThat(uneven.verdict()).isEqualTo(Verdict.TOO_UNEVEN);
    assertThat(uneven.text()).isEqualTo("not chance: too uneven (p = 4.0e-07)");
    Judgement even = Judgement.of(List.of(tested(Form.POOLED, 1, 0, 0)), 0.001, power(0.1));
    assertThat(even.verdict()).isEqualTo(Verdict.TOO_EVEN);
    assertThat(even.text()).isEqualTo("not chance: too even (p < 1e-11)");
    Judgement consistent =
        Judgement.of(List.of(tested(Form.POOLED, 0.3, 0.7, 0.6)), 0.001, power(0.8));
    assertThat(consistent.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(consistent.text())
        .isEqualTo("consistent with chance, and would have found one pod at 13.5 %");
    Judgement few = Judgement.of(List.of(tested(Form.POOLED, 0.3, 0.7, 0.6)), 0.001, power(0.79));
    assertThat(few.verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(few.text()).isEqualTo("too few connections to tell");
  }

  /** Even in sum, uneven in each repetition. */
  @Test
  void theFormThatShowsMostDecides() {
    Judgement moving =
        Judgement.of(
            List.of(tested(Form.POOLED, 1, 1e-5, 5e-5), tested(Form.STRATIFIED, 1e-6, 1, 4e-6)),
            0.001,
            power(1));
    assertThat(moving.decisive().form()).isEqualTo(Form.STRATIFIED);
    assertThat(moving.text())
        .isEqualTo("not chance: too uneven (p = 4.0e-06, repetition by repetition)");
  }

  @Test
  void theLevelItselfIsEnough() {
    assertThat(
            Judgement.of(List.of(tested(Form.POOLED, 0.0005, 1, 0.001)), 0.001, power(1)).verdict())
        .isEqualTo(Verdict.TOO_UNEVEN);
  }

  @Test
  void whatTenPodsCanTell() {
    Sensitivity few = Sensitivity.of(12, 10, 0.001);
    assertThat(few.powerAtTwice()).isLessThan(0.01);
    assertThat(few.connectionsForFifth().orElseThrow()).isBetween(8_400L, 8_550L);
    Sensitivity many = Sensitivity.of(3600, 10, 0.001);
    assertThat(many.powerAtTwice()).isGreaterThan(0.9999);
    assertThat(many.smallestShare().orElseThrow()).isBetween(0.12, 0.135);
    assertThat(many.fairShare()).isEqualTo(0.1);
  }

  @Test
  void holmCorrectsStepwise() {
    assertThat(Holm.adjust(List.of(0.01, 0.04, 0.03), p -> p))
        .extracting(Holm.Adjusted::p)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.03, 0.06, 0.06);
    assertThat(Holm.adjust(List.of(0.6, 0.9), p -> p))
        .containsExactly(new Holm.Adjusted<>(0.6, 1), new Holm.Adjusted<>(0.9, 1));
    assertThat(Holm.adjust(List.<Double>of(), p -> p)).isEmpty();
  }

  @Test
  void figuresHaveThreeDigits() {
    assertThat(Figures.number(1234.5)).isEqualTo("1230");
    assertThat(Figures.number(20)).isEqualTo("20");
    assertThat(Figures.number(0.0001)).isEqualTo("0");
    assertThat(Figures.percent(1.0 / 3)).isEqualTo("33.3 %");
    assertThat(Figures.p(0.0642)).isEqualTo("p = 0.064");
    assertThat(Figures.p(1e-12)).isEqualTo("p < 1e-11");
    assertThat(Power.LEAST_LEVEL).isCloseTo(1e-9, within(0.0));
  }
}
