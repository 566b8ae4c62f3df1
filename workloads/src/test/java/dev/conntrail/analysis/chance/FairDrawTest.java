package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FairDrawTest {
  private static long spread(long[] counts) {
    return Arrays.stream(counts).max().orElseThrow() - Arrays.stream(counts).min().orElseThrow();
  }

  @Test
  void spreadAndFullestAreThoseOfCountingAllOutcomes() {
    for (int[] draw : new int[][] {{1, 2}, {4, 3}, {6, 4}, {3, 10}, {9, 2}, {7, 5}}) {
      int n = draw[0];
      int k = draw[1];
      double[] spreads = new double[n + 1];
      double[] most = new double[1];
      double[] fullests = new double[n + 1];
      DrawnCounts.outcomes(
          n,
          k,
          c -> {
            spreads[(int) spread(c)] += Math.pow(k, -n);
            fullests[(int) Arrays.stream(c).max().orElseThrow()] += Math.pow(k, -n);
            most[0] += Imbalance.maxOverMean(c) * Math.pow(k, -n);
          });
      FairDraw fair = new FairDraw(n, k);
      double atMost = 0;
      for (int s = 0; s <= n; s++) {
        atMost += spreads[s];
        assertThat(fair.spreadAtMost(s))
            .as("%d on %d, %d", n, k, s)
            .isCloseTo(atMost, within(1e-11));
      }
      assertThat(fair.expectedMaxOverMean()).isCloseTo(most[0], within(1e-10));
      double fullest = 0;
      for (int m = 0; m <= n; m++) {
        fullest += fullests[m];
        double ratio = (double) m * k / n;
        assertThat(fair.maxOverMeanAtMost(ratio)).isCloseTo(fullest, within(1e-10));
        if (fullests[m] > 0) {
          assertThat(fair.maxOverMeanWith(fullest - fullests[m] / 2)).isEqualTo(ratio);
        }
      }
    }
  }

  /** The check of round robin that could hardly fail: twelve connections on ten pods. */
  @Test
  void aSpreadOfFourIsMetByMostDraws() {
    FairDraw twelve = new FairDraw(12, 10);
    assertThat(twelve.spreadAtMost(4)).isCloseTo(0.957, within(0.0005));
    assertThat(twelve.spreadAtMost(1)).isCloseTo(0.00539, within(0.00001));
    assertThat(twelve.spreadAtMost(-1)).isZero();
    assertThat(twelve.spreadAtMost(12)).isEqualTo(1);
    assertThat(new FairDraw(0, 10).spreadAtMost(0)).isEqualTo(1);
  }

  @Test
  void spreadAndFullestOfManyAreWhatDrawsShow() {
    SplittableRandom random = new SplittableRandom(3);
    int draws = 10_000;
    int within = 0;
    double mean = 0;
    for (int i = 0; i < draws; i++) {
      long[] counts = DrawnCounts.fair(random, 1080, 10);
      within += spread(counts) <= 30 ? 1 : 0;
      mean += Imbalance.maxOverMean(counts) / draws;
    }
    FairDraw fair = new FairDraw(1080, 10);
    assertThat(fair.spreadAtMost(30)).isCloseTo(within / (double) draws, within(0.025));
    assertThat(fair.expectedMaxOverMean()).isCloseTo(mean, within(0.003));
    // beyond 200,000 the excess over 1 shrinks with the square root
    double most = new FairDraw(200_000, 10).expectedMaxOverMean() - 1;
    assertThat(new FairDraw(800_000, 10).expectedMaxOverMean() - 1)
        .isCloseTo(most / 2, within(1e-12));
    assertThat(new FairDraw(0, 10).expectedMaxOverMean()).isNaN();
  }

  @Test
  void hashingTheSourcePutsAllOnOnePod() {
    assertThat(new FairDraw(1, 10).allOnOnePod()).isEqualTo(1);
    assertThat(new FairDraw(4, 10).allOnOnePod()).isCloseTo(0.001, within(1e-15));
    assertThat(FairDraw.allOnOnePod(List.of(new FairDraw(4, 10), new FairDraw(3, 10))))
        .isCloseTo(1e-5, within(1e-17));
  }

  @Test
  void idlePodsAreThoseOfCountingAllOutcomes() {
    double[] idle = new double[5];
    DrawnCounts.outcomes(6, 4, c -> idle[Imbalance.idle(c)] += Math.pow(4, -6));
    double[] distribution = IdlePods.distribution(new FairDraw(6, 4));
    for (int i = 0; i <= 4; i++) {
      assertThat(distribution[i]).isCloseTo(idle[i], within(1e-12));
    }
  }

  @Test
  void idlePodsHaveARange() {
    IdlePods ten = IdlePods.of(List.of(new FairDraw(10, 10)));
    assertThat(ten.expected()).isCloseTo(3.4868, within(1e-4));
    assertThat(ten.low()).isEqualTo(2);
    assertThat(ten.high()).isEqualTo(5);
    FairDraw draw = new FairDraw(10, 10);
    IdlePods mean = IdlePods.of(List.of(draw, draw, draw, draw));
    assertThat(mean.expected()).isCloseTo(3.4868, within(1e-4));
    assertThat(mean.low()).isBetween(2.1, 3.0);
    assertThat(mean.high()).isBetween(4.0, 4.9);
    assertThat(IdlePods.of(List.of(new FairDraw(1_000_000_000, 10))).high()).isZero();
    assertThat(IdlePods.of(List.of(new FairDraw(0, 10))).low()).isEqualTo(10);
  }

  @Test
  void theBandHoldsAllPodsOfAFairDrawAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(8);
    FairDraw.Band band = new FairDraw(300, 10).band(0.99);
    int held = 0;
    for (int i = 0; i < 5000; i++) {
      held +=
          Arrays.stream(DrawnCounts.fair(random, 300, 10))
                  .allMatch(c -> c >= band.low() && c <= band.high())
              ? 1
              : 0;
    }
    assertThat(held / 5000.0).isGreaterThan(0.985);
    assertThat(band).isEqualTo(new FairDraw.Band(14, 48));
  }

  @Test
  void measuresOfImbalance() {
    assertThat(Imbalance.jain(new long[] {5, 5, 5, 5})).isEqualTo(1);
    assertThat(Imbalance.jain(new long[] {20, 0, 0, 0})).isEqualTo(0.25);
    assertThat(Imbalance.maxOverMean(new long[] {20, 0, 0, 0})).isEqualTo(4);
    assertThat(Imbalance.idle(new long[] {20, 0, 0, 0})).isEqualTo(3);
  }

  /** A run of a minute may have as many: what is told then is not too little. */
  @Test
  void theSpreadOfMoreThanCanBeCountedIsThatOfAsManyAsCan() {
    assertThat(new FairDraw(240_000, 10).spreadAtMost(600))
        .isEqualTo(new FairDraw(200_000, 10).spreadAtMost(600))
        .isBetween(0.0, 1.0);
  }

  @Test
  void whatIsNoDrawIsRefused() {
    assertThatThrownBy(() -> new FairDraw(-1, 10)).hasMessageContaining("found -1 connections");
    assertThatThrownBy(() -> new FairDraw(1, 0)).hasMessageContaining("on 0 pods");
  }
}
