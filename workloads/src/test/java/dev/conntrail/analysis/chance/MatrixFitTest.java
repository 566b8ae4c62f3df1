package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class MatrixFitTest {
  /** (320-300)²/300 + (80-100)²/100 twice is 32/3; on 2 degrees of freedom exp(-16/3). */
  @Test
  void largeCountsHaveTheChiSquareDistribution() {
    TestResult test = MatrixFit.test(new long[][] {{320, 80}, {320, 80}}, new int[] {3, 1});
    assertThat(test.method()).isEqualTo(new Method.ChiSquare(2));
    assertThat(test.statistic()).isCloseTo(32.0 / 3, within(1e-12));
    assertThat(test.pUneven()).isCloseTo(Math.exp(-16.0 / 3), within(1e-9));
    // half a step further: 1 / (400 * 0.25)
    assertThat(test.pEven()).isCloseTo(1 - Math.exp(-(32.0 / 3 + 0.01) / 2), within(1e-9));
  }

  /** One of five such draws has just these counts: a statistic of 0 is nothing to wonder at. */
  @Test
  void whatIsExpectedToAConnectionIsNotTooEven() {
    TestResult test = MatrixFit.test(new long[][] {{8, 12}}, new int[] {2, 3});
    assertThat(test.pEven())
        .isCloseTo(BinomialDistribution.of(20, 0.4).probability(8), within(0.002));
  }

  /** A row of two columns is a binomial; two rows of it are enumerated. */
  @Test
  void smallCountsAreDrawn() {
    long[][] counts = {{7, 5}, {4, 0}};
    TestResult test = MatrixFit.test(counts, new int[] {3, 1});
    BinomialDistribution first = BinomialDistribution.of(12, 0.75);
    BinomialDistribution second = BinomialDistribution.of(4, 0.75);
    double atLeast = 0;
    double atMost = 0;
    for (int a = 0; a <= 12; a++) {
      for (int b = 0; b <= 4; b++) {
        double statistic = (a - 9) * (a - 9) / 2.25 + (b - 3) * (b - 3) / 0.75;
        double p = first.probability(a) * second.probability(b);
        atLeast += statistic >= test.statistic() - 1e-9 ? p : 0;
        atMost += statistic <= test.statistic() + 1e-9 ? p : 0;
      }
    }
    assertThat(test.method()).isEqualTo(new Method.MonteCarlo(1_000_000));
    // five standard deviations of a million draws
    assertThat(test.pUneven()).isCloseTo(atLeast, within(0.0025));
    assertThat(test.pEven()).isCloseTo(atMost, within(0.0025));
  }

  @Test
  void threeColumnsOfOnePodEachAreAFairDraw() {
    TestResult drawn = MatrixFit.test(new long[][] {{7, 2, 1}}, new int[] {1, 1, 1});
    TestResult exact = Uniformity.pooled(new long[] {7, 2, 1});
    assertThat(drawn.statistic()).isCloseTo(exact.statistic(), within(1e-12));
    assertThat(drawn.pUneven()).isCloseTo(exact.pUneven(), within(0.0025));
    assertThat(drawn.pEven()).isCloseTo(exact.pEven(), within(0.0025));
  }

  @Test
  void aDetourToTheOwnNodeIsSeenInFewConnections() {
    TestResult local =
        MatrixFit.test(new long[][] {{10, 0, 0}, {0, 10, 0}, {0, 0, 10}}, new int[] {4, 3, 3});
    assertThat(local.method()).isEqualTo(new Method.MonteCarlo(1_000_000));
    assertThat(local.p()).isCloseTo(2e-6, within(1e-8));
  }

  @Test
  void rowsAndColumnsWithoutAnythingDropOut() {
    int[] pods = {3, 1, 0};
    assertThat(MatrixFit.test(new long[][] {{320, 80, 0}, {0, 0, 0}, {320, 80, 0}}, pods))
        .isEqualTo(MatrixFit.test(new long[][] {{320, 80}, {320, 80}}, new int[] {3, 1}));
    assertThat(MatrixFit.test(new long[][] {{0, 0, 0}}, pods).p()).isEqualTo(1);
    assertThat(MatrixFit.test(new long[][] {{9}}, new int[] {2}).p()).isEqualTo(1);
    assertThatThrownBy(() -> MatrixFit.test(new long[][] {{1, 2, 3}}, pods))
        .hasMessage(
            "matrix: found [1, 2, 3]; allowed: one count for each of 3 columns, 0 where there are no pods");
    assertThatThrownBy(() -> MatrixFit.test(new long[][] {{1, 2}}, pods))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
