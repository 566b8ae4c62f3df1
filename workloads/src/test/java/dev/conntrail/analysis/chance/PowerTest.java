package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerTest {
  private static final double FAMILY = 0.001;

  /** Every outcome with its probability, against the test itself. */
  @Test
  void thePowerIsThatOfCountingAllOutcomes() {
    double level = 0.05;
    for (double share : new double[] {0.25, 0.5, 0.9, 1}) {
      double[] found = new double[1];
      DrawnCounts.outcomes(
          7,
          4,
          c -> {
            TestResult test = Uniformity.pooled(c);
            if (test.pUneven() <= level / 2) {
              int hot = (int) c[0];
              found[0] += Math.pow(share, hot) * Math.pow((1 - share) / 3, 7 - hot);
            }
          });
      assertThat(new Power(7, 4, level).against(new OnePod(share)))
          .as("share %s", share)
          .isCloseTo(found[0], within(1e-10));
    }
  }

  /** On both sides of where the chi-square distribution begins. */
  @ParameterizedTest
  @CsvSource({
    "100,10,0.3",
    "299,10,0.2",
    "300,10,0.2",
    "600,300,0.04",
    "150,5,0.4",
    "1000,10,0.15"
  })
  void thePowerIsWhatDrawsShow(int n, int k, double share) {
    SplittableRandom random = new SplittableRandom(n);
    double level = FAMILY / 20;
    int draws = 4000;
    int found = 0;
    for (int i = 0; i < draws; i++) {
      TestResult test = Uniformity.pooled(DrawnCounts.onePod(random, n, k, share));
      found += test.pUneven() <= level / 2 ? 1 : 0;
    }
    double power = new Power(n, k, level).against(new OnePod(share));
    assertThat(power).isBetween(0.05, 0.99);
    // five standard deviations
    assertThat(found / (double) draws)
        .isCloseTo(power, within(5 * Math.sqrt(power * (1 - power) / draws)));
  }

  /**
   * One of ten pods at 0.12. The non-central chi-square distribution says 5,263 and 8,670; 100,000
   * draws of 8,668 find it in 88.2 %, not in 90 %.
   */
  @Test
  void aFifthMoreTakesThousandsOfConnections() {
    OnePod bias = new OnePod(0.12);
    assertThat(Power.connectionsNeeded(10, bias, FAMILY / 2, 0.5).orElseThrow())
        .isBetween(5_250L, 5_350L);
    assertThat(Power.connectionsNeeded(10, bias, FAMILY / 2, 0.9).orElseThrow())
        .isBetween(8_900L, 9_050L);
    assertThat(new Power(8_668, 10, FAMILY / 2).against(bias)).isCloseTo(0.882, within(0.002));
    assertThat(Power.connectionsNeeded(10, bias, FAMILY / 20, 0.9).orElseThrow())
        .isBetween(10_500L, 10_700L);
    assertThat(Power.connectionsNeeded(10, bias, FAMILY / 40, 0.9).orElseThrow())
        .isBetween(11_000L, 11_200L);
    assertThat(Power.connectionsNeeded(10, new OnePod(0.1), FAMILY, 0.9)).isEmpty();
  }

  @Test
  void fewConnectionsFindNothing() {
    Power three = new Power(3, 10, FAMILY);
    assertThat(three.smallestShareFound(0.9)).isEmpty();
    assertThat(three.againstTwice()).isZero();
    assertThat(new Power(0, 10, FAMILY).smallestShareFound(0.9)).isEmpty();
    assertThat(new Power(12, 10, FAMILY / 40).smallestShareFound(0.9).orElseThrow())
        .isCloseTo(0.843, within(0.002));
  }

  @ParameterizedTest
  @CsvSource({"12,10", "100,10", "299,10", "301,10", "3600,10", "600,300", "40,2", "5000,2"})
  void theSmallestShareIsFoundAsOftenAsAsked(int n, int k) {
    Power power = new Power(n, k, FAMILY / 40);
    double share = power.smallestShareFound(0.9).orElseThrow();
    double below = share - 0.005 * (share - 1.0 / k);
    assertThat(power.against(new OnePod(share))).isGreaterThanOrEqualTo(0.9);
    assertThat(power.against(new OnePod(below))).isLessThan(0.9);
  }

  @Test
  void whatIsNeededIsEnoughAndNotMuchMore() {
    for (double share : new double[] {0.2, 0.3, 0.5}) {
      long needed = Power.connectionsNeeded(10, new OnePod(share), FAMILY, 0.9).orElseThrow();
      assertThat(new Power(needed, 10, FAMILY).against(new OnePod(share))).isBetween(0.9, 0.92);
    }
  }

  @Test
  void aFairPodIsFoundAsOftenAsTheLevelSays() {
    for (int n : new int[] {100, 10_000}) {
      assertThat(new Power(n, 10, 0.01).against(new OnePod(0.1))).isBetween(0.0035, 0.00501);
    }
    assertThat(new Power(1_000_000_000, 10, 0.001).smallestShareFound(0.9).orElseThrow())
        .isBetween(0.1, 0.1001);
  }

  /** Two pods are a binomial: the test rejects where one has at least so many of 60. */
  @Test
  void twoPodsAreABinomial() {
    Power power = new Power(59, 2, 0.01);
    int critical = 30;
    BinomialDistribution fair = BinomialDistribution.of(59, 0.5);
    while (2 * fair.survivalProbability(critical - 1) > 0.005) {
      critical++;
    }
    BinomialDistribution biased = BinomialDistribution.of(59, 0.7);
    assertThat(power.against(new OnePod(0.7)))
        .isCloseTo(
            biased.survivalProbability(critical - 1) + biased.cumulativeProbability(59 - critical),
            within(1e-10));
  }

  @Test
  void whatCannotBeAskedIsRefused() {
    assertThatThrownBy(() -> new Power(10, 1, 0.01)).hasMessageContaining("on 1 pods");
    assertThatThrownBy(() -> new Power(10, 5, 1e-12)).hasMessageContaining("1.0E-12");
    assertThatThrownBy(() -> new OnePod(1.5)).hasMessageContaining("1.5");
  }
}
