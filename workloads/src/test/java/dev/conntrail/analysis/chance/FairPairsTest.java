package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairPairsTest {
  @Test
  void theProbabilitiesAreThoseOfCountingAllOutcomes() {
    for (int[] draw : new int[][] {{1, 2}, {2, 2}, {4, 3}, {6, 4}, {3, 10}, {9, 2}, {7, 5}}) {
      int n = draw[0];
      int k = draw[1];
      double[] counted = new double[(int) Pairs.most(n) + 1];
      DrawnCounts.outcomes(n, k, c -> counted[(int) Pairs.of(c)] += Math.pow(k, -n));
      FairPairs fair = FairPairs.of(n, k, 1);
      for (int t = 0; t < counted.length; t++) {
        double atLeast = MultinomialRecursion.atLeast(counted, t);
        assertThat(fair.atLeast(t)).as("%d on %d, %d", n, k, t).isCloseTo(atLeast, within(1e-11));
        assertThat(fair.atMost(t)).isCloseTo(1 - atLeast + counted[t], within(1e-11));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "12,10,1",
    "30,5,1",
    "45,300,1",
    "59,2,1",
    "60,60,1",
    "89,3,1",
    "100,10,1",
    "5,7,4",
    "20,4,3",
    "12,10,7"
  })
  void theProbabilitiesAreThoseOfARecursionOverPods(int n, int k, int repetitions) {
    double[] recursion =
        MultinomialRecursion.repeated(MultinomialRecursion.pairs(n, k), repetitions);
    FairPairs fair = FairPairs.of(n, k, repetitions);
    for (int t = 0; t < recursion.length; t++) {
      double atLeast = MultinomialRecursion.atLeast(recursion, t);
      assertThat(fair.atLeast(t)).as("%d pairs or more", t).isCloseTo(atLeast, within(2e-12));
      assertThat(fair.atMost(t)).isCloseTo(1 - atLeast + recursion[t], within(2e-12));
    }
  }

  /** The largest draw of the bundled experiments, where no recursion goes. */
  @Test
  void manyPodsAreWhatDrawsShow() {
    SplittableRandom random = new SplittableRandom(21);
    FairPairs once = FairPairs.of(600, 300, 1);
    FairPairs thrice = FairPairs.of(600, 300, 3);
    long upper = once.critical(0.05);
    long upperOfThree = thrice.critical(0.05);
    int draws = 20_000;
    int hits = 0;
    int hitsOfThree = 0;
    for (int i = 0; i < draws; i++) {
      long sum = 0;
      for (int r = 0; r < 3; r++) {
        long pairs = Pairs.of(DrawnCounts.fair(random, 600, 300));
        hits += pairs >= upper ? 1 : 0;
        sum += pairs;
      }
      hitsOfThree += sum >= upperOfThree ? 1 : 0;
    }
    // five standard deviations
    assertThat(hits / (3.0 * draws)).isCloseTo(once.atLeast(upper), within(0.0045));
    assertThat(hitsOfThree / (double) draws).isCloseTo(thrice.atLeast(upperOfThree), within(0.008));
    assertThat(once.atLeast(upper)).isBetween(0.04, 0.05);
    assertThat(Arrays.stream(once.probabilities()).sum()).isCloseTo(1, within(1e-12));
    assertThat(Arrays.stream(thrice.probabilities()).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theCriticalNumberIsTheFewestPairsThatAreRareEnough() {
    FairPairs fair = FairPairs.of(12, 10, 1);
    long critical = fair.critical(0.0005);
    assertThat(fair.atLeast(critical)).isLessThanOrEqualTo(0.0005);
    assertThat(fair.atLeast(critical - 1)).isGreaterThan(0.0005);
    // three on ten pods: 0, 1 or 3 pairs, the last with probability 0.01
    assertThat(FairPairs.of(3, 10, 1).critical(0.02)).isEqualTo(2);
    assertThat(FairPairs.of(3, 10, 1).critical(0.005)).isEqualTo(4);
  }

  @Test
  void pearsonsStatisticFollowsFromPairs() {
    // (3-2)² + (1-2)² + (2-2)² over 2
    assertThat(Pairs.pearson(Pairs.of(new long[] {3, 1, 2}), 6, 3)).isCloseTo(1, within(1e-12));
    // 7 on 3 pods as even as can be: twice (1/3)² and once (2/3)², over 7/3
    assertThat(Pairs.pearson(Pairs.least(7, 3), 7, 3)).isCloseTo(2.0 / 7, within(1e-12));
    assertThat(Pairs.pearson(Pairs.most(1_000_000_000), 1_000_000_000, 1000))
        .isCloseTo(999e9, within(1.0));
  }
}
