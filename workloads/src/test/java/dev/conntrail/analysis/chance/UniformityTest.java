package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UniformityTest {
  /**
   * What five pods get from rules that all say 0.2 in place of falling denominators: the last takes
   * what is left.
   */
  private static long[] faultyDraw(RandomGenerator random, int n) {
    long[] counts = new long[5];
    for (int i = 0; i < n; i++) {
      int pod = 0;
      while (pod < 4 && random.nextDouble() >= 0.2) {
        pod++;
      }
      counts[pod]++;
    }
    return counts;
  }

  private static long[] even(int n, int k) {
    long[] counts = new long[k];
    for (int i = 0; i < n; i++) {
      counts[i % k]++;
    }
    return counts;
  }

  /** 12!/(2! 2!) ways for each of 45 choices of two pods with two, of 10^12. */
  @Test
  void twelveInTurnOnTenPodsCanHardlyBeTooEven() {
    TestResult turns = Uniformity.pooled(even(12, 10));
    assertThat(turns.method()).isEqualTo(new Method.Exact());
    assertThat(turns.side()).isEqualTo(TestResult.Side.EVEN);
    assertThat(turns.p()).isCloseTo(2 * 45 * 119_750_400e-12, within(1e-12));
    assertThat(turns.p()).isCloseTo(0.0108, within(0.00005));
  }

  @Test
  void threeConnectionsNeverTell() {
    for (long[] counts : new long[][] {{3, 0, 0, 0, 0, 0, 0, 0, 0, 0}, even(3, 10)}) {
      assertThat(Uniformity.pooled(counts).p()).isGreaterThan(0.01);
    }
  }

  /** Where the chi-square distribution's tail would be 44 times too small. */
  @Test
  void aTailIsNotThatOfTheAsymptoticDistribution() {
    long[] counts = new long[300];
    Arrays.fill(counts, 0, 17, 1);
    Arrays.fill(counts, 17, 31, 2);
    // 14 pairs and one pod with three: 17 pairs
    counts[0] = 3;
    counts[1] = 0;
    counts[2] = 0;
    assertThat(DrawnCounts.total(counts)).isEqualTo(45);
    TestResult test = Uniformity.pooled(counts);
    double chi = ChiSquaredDistribution.of(299).survivalProbability(test.statistic());
    double[] recursion = MultinomialRecursion.pairs(45, 300);
    assertThat(test.method()).isEqualTo(new Method.Exact());
    assertThat(test.pUneven())
        .isCloseTo(MultinomialRecursion.atLeast(recursion, 17), within(1e-12))
        .isGreaterThan(1e-6);
    assertThat(chi).isLessThan(test.pUneven() / 40);
  }

  @Test
  void fromThirtyAPodTheChiSquareDistributionStands() {
    long[] counts = even(300, 10);
    counts[0] += 9;
    counts[1] -= 9;
    TestResult test = Uniformity.pooled(counts);
    assertThat(test.statistic()).isCloseTo(2 * 81 / 30.0, within(1e-9));
    assertThat(test.method()).isEqualTo(new Method.ChiSquare(9));
    assertThat(test.pUneven())
        .isCloseTo(ChiSquaredDistribution.of(9).survivalProbability(5.4), within(1e-9))
        .isCloseTo(FairPairs.of(300, 10, 1).atLeast(Pairs.of(counts)), within(0.005));
    counts[1]--;
    assertThat(Uniformity.pooled(counts).method()).isEqualTo(new Method.Exact());
    TestResult strata =
        Uniformity.test(new long[][] {even(300, 10), even(400, 10)}).stratified().orElseThrow();
    assertThat(strata.method()).isEqualTo(new Method.ChiSquare(18));
    assertThat(strata.p()).isLessThan(1e-12);
  }

  /** Enumerated: two pods are a binomial, three a multinomial. */
  @ParameterizedTest
  @CsvSource({
    "30,30,0,0.1026",
    "31,29,0,0.3011",
    "31,30,0,0.2018",
    "500,500,0,0.0252",
    "30,30,30,0.0091",
    "31,30,29,0.0621",
    "100,100,100,0.0028"
  })
  void ofFewPodsEvenCountsAreNoWonder(long a, long b, long c, double exact) {
    TestResult test = Uniformity.pooled(c == 0 ? new long[] {a, b} : new long[] {a, b, c});
    assertThat(test.pEven()).isBetween(0.75 * exact, 1.9 * exact);
    assertThat(test.method()).isInstanceOf(Method.ChiSquare.class);
  }

  @ParameterizedTest
  @CsvSource({"12,10,1", "40,5,3", "45,300,1", "299,10,1", "300,10,2", "600,300,1"})
  void underChanceSmallProbabilitiesAreNoMoreFrequentThanTheySay(int n, int k, int repetitions) {
    SplittableRandom random = new SplittableRandom(n + k);
    int draws = 4000;
    int[] pooled = new int[2];
    int[] strata = new int[2];
    for (int i = 0; i < draws; i++) {
      long[][] counts = new long[repetitions][];
      Arrays.setAll(counts, _ -> DrawnCounts.fair(random, n, k));
      Uniformity test = Uniformity.test(counts);
      count(pooled, test.pooled().p());
      count(strata, test.stratified().orElse(test.pooled()).p());
    }
    for (int[] found : new int[][] {pooled, strata}) {
      // five standard deviations; few and lumpy counts reach a level less often than it says
      assertThat(found[0] / (double) draws).isBetween(0.02, 0.05 + 0.018);
      assertThat(found[1] / (double) draws).isLessThan(0.005 + 0.006);
    }
  }

  private static void count(int[] found, double p) {
    found[0] += p <= 0.05 ? 1 : 0;
    found[1] += p <= 0.005 ? 1 : 0;
  }

  @Test
  void rulesWithOneProbabilityForAllAreNotChance() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 200; i++) {
      TestResult test = Uniformity.pooled(faultyDraw(random, 300));
      assertThat(test.p()).isLessThan(1e-6);
      assertThat(test.side()).isEqualTo(TestResult.Side.UNEVEN);
    }
  }

  /** Each repetition another pod is dead; over ten repetitions all pods have the same. */
  @Test
  void aFaultThatMovesIsSeenByRepetitionsAndNotInTheirSum() {
    SplittableRandom random = new SplittableRandom(11);
    long[][] counts = new long[10][10];
    for (int r = 0; r < 10; r++) {
      for (int i = 0; i < 100; i++) {
        counts[r][(r + 1 + random.nextInt(9)) % 10]++;
      }
    }
    Uniformity test = Uniformity.test(counts);
    assertThat(test.connections()).isEqualTo(1000);
    assertThat(test.pooled().p()).isGreaterThan(0.01);
    TestResult strata = test.stratified().orElseThrow();
    assertThat(strata.method()).isEqualTo(new Method.Exact());
    assertThat(strata.p()).isLessThan(1e-6);
    assertThat(strata.side()).isEqualTo(TestResult.Side.UNEVEN);
  }

  /** 3 on 2 pods, then 5 on 2 pods: statistics 1/3 or 3, and 1/5, 9/5 or 5. */
  @Test
  void unequalRepetitionsAreDrawn() {
    TestResult test = Uniformity.test(new long[][] {{3, 0}, {1, 4}}).stratified().orElseThrow();
    double small = 6.0 / 8;
    double even = 20.0 / 32;
    double most = 2.0 / 32;
    assertThat(test.statistic()).isCloseTo(3 + 9.0 / 5, within(1e-12));
    assertThat(test.method()).isEqualTo(new Method.MonteCarlo(1_000_000));
    double atLeast = (1 - small) * (1 - even) + small * most;
    double equal = (1 - small) * (1 - even - most);
    // five standard deviations of a million draws
    assertThat(test.pUneven()).isCloseTo(atLeast, within(0.0025));
    assertThat(test.pEven()).isCloseTo(1 - atLeast + equal, within(0.0025));
    assertThat(Uniformity.test(new long[][] {{3, 0}, {1, 4}}).stratified())
        .as("the seed follows from the question")
        .hasValue(test);
  }

  @Test
  void aTieOfUnequalRepetitionsCountsOnBothSides() {
    // as even as can be: nothing is more even
    TestResult test = Uniformity.test(new long[][] {{2, 1}, {2, 3}}).stratified().orElseThrow();
    assertThat(test.pUneven()).isCloseTo(1, within(1e-9));
    assertThat(test.pEven()).isCloseTo(0.75 * 0.625, within(0.0025));
  }

  /**
   * A long repetition beside a short one: the long one's statistic has its limit's distribution.
   */
  @Test
  void aLongRepetitionIsDrawnFromTheChiSquareDistribution() {
    TestResult test =
        Uniformity.test(new long[][] {{1, 0, 0}, {100, 130, 120}}).stratified().orElseThrow();
    // one connection always has a statistic of k - 1
    double long2 = test.statistic() - 2;
    assertThat(test.pUneven()).isCloseTo(Math.exp(-long2 / 2), within(0.0025));
  }

  @Test
  void aRepetitionWithoutConnectionsSaysNothing() {
    Uniformity test = Uniformity.test(new long[][] {{0, 0, 0}, {5, 1, 0}});
    assertThat(test.stratified()).isEmpty();
    assertThat(test.tests())
        .containsExactly(
            new Uniformity.Tested(Uniformity.Form.POOLED, Uniformity.pooled(new long[] {5, 1, 0})));
    assertThat(Uniformity.pooled(new long[] {0, 0}).p()).isEqualTo(1);
    assertThat(Uniformity.pooled(new long[] {7}).p()).isEqualTo(1);
  }

  @Test
  void countsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Uniformity.test(new long[][] {{1, 2}, {1, 2, 3}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts: found repetitions of 2 and 3 pods; allowed: the same pods in each");
    assertThatThrownBy(() -> Uniformity.test(new long[][] {{1, -2}}))
        .hasMessage("counts: found -2; allowed: 0 to 1000000000 in all");
    assertThatThrownBy(() -> Uniformity.test(new long[][] {{1, Long.MAX_VALUE}}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Uniformity.test(new long[0][])).hasMessageContaining("found none");
  }
}
