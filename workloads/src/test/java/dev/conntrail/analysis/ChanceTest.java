package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChanceTest {
  private static long[] fairDraw(Random random, int n, int k) {
    long[] counts = new long[k];
    for (int i = 0; i < n; i++) {
      counts[random.nextInt(k)]++;
    }
    return counts;
  }

  /**
   * What five pods get from rules that all say 0.2 in place of falling denominators: the last takes
   * what is left.
   */
  private static long[] faultyDraw(Random random, int n) {
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

  @Test
  void theExactTestAgreesWithCountingAllOutcomes() {
    // 4 things on 3 pods: 81 outcomes, each as likely
    long[] observed = {3, 1, 0};
    long squares = 10;
    int atLeast = 0;
    int atMost = 0;
    for (int outcome = 0; outcome < 81; outcome++) {
      long[] counts = new long[3];
      for (int i = 0, rest = outcome; i < 4; i++, rest /= 3) {
        counts[rest % 3]++;
      }
      long s = Arrays.stream(counts).map(c -> c * c).sum();
      atLeast += s >= squares ? 1 : 0;
      atMost += s <= squares ? 1 : 0;
    }
    Chance.Test test = Chance.test(observed);
    assertThat(test.method()).isEqualTo("exact multinomial");
    assertThat(test.pUneven()).isCloseTo(atLeast / 81.0, within(1e-12));
    assertThat(test.pEven()).isCloseTo(atMost / 81.0, within(1e-12));
  }

  @Test
  void exactAndChiSquareMeet() {
    long[] counts = {22, 31, 18, 29, 20};
    Chance.Test exact = Chance.test(counts);
    double chi =
        org.apache.commons.statistics.distribution.ChiSquaredDistribution.of(4)
            .survivalProbability(exact.statistic());
    assertThat(exact.method()).isEqualTo("exact multinomial");
    assertThat(exact.pUneven()).isCloseTo(chi, within(0.02));
  }

  @Test
  void fairDrawsAreCalledChanceAtTheStatedRate() {
    Random random = new Random(5);
    int rejected = 0;
    for (int i = 0; i < 2000; i++) {
      rejected += Chance.test(fairDraw(random, 300, 10)).p() <= 0.01 ? 1 : 0;
    }
    // Binomial(2000, 0.01): above 40 has probability below 1e-4; the seed makes it repeatable
    assertThat(rejected).isBetween(5, 40);
  }

  @Test
  void faultyProbabilitiesAreCalledNotChance() {
    Random random = new Random(6);
    for (int i = 0; i < 200; i++) {
      Chance.Test test = Chance.test(faultyDraw(random, 300));
      assertThat(test.p()).isLessThan(1e-6);
      assertThat(test.tooEven()).isFalse();
    }
  }

  @Test
  void perfectTurnsAreTooEven() {
    Chance.Test test = Chance.test(new long[] {30, 30, 30, 30, 30, 30, 30, 30, 30, 30});
    assertThat(test.tooEven()).isTrue();
    assertThat(test.p()).isLessThan(1e-6);
  }

  @Test
  void expectedIdleIsWhatSimulationGives() {
    Random random = new Random(7);
    double idle = 0;
    for (int i = 0; i < 20_000; i++) {
      idle += Arrays.stream(fairDraw(random, 10, 10)).filter(c -> c == 0).count();
    }
    assertThat(Chance.expectedIdle(10, 10))
        .isCloseTo(3.4868, within(1e-4))
        .isCloseTo(idle / 20_000, within(0.03));
  }

  @Test
  void theBandHoldsAllPodsOfAFairDrawAsOftenAsItSays() {
    Random random = new Random(8);
    long[] band = Chance.band(300, 10, 0.99);
    int held = 0;
    for (int i = 0; i < 5000; i++) {
      held +=
          Arrays.stream(fairDraw(random, 300, 10)).allMatch(c -> c >= band[0] && c <= band[1])
              ? 1
              : 0;
    }
    assertThat(held / 5000.0).isGreaterThan(0.985);
    assertThat(band[0]).isPositive();
  }

  @Test
  void measuresOfImbalance() {
    assertThat(Chance.jain(new long[] {5, 5, 5, 5})).isEqualTo(1);
    assertThat(Chance.jain(new long[] {20, 0, 0, 0})).isEqualTo(0.25);
    assertThat(Chance.maxOverMean(new long[] {20, 0, 0, 0})).isEqualTo(4);
    assertThat(Chance.expectedMaxOverMean(10, 10)).isCloseTo(2.73, within(0.1));
  }

  @Test
  void holmCorrectsStepwise() {
    assertThat(Chance.holm(new double[] {0.01, 0.04, 0.03}))
        .containsExactly(new double[] {0.03, 0.06, 0.06}, within(1e-12));
    assertThat(Chance.holm(new double[] {0.6, 0.9})).containsExactly(1.0, 1.0);
  }

  @Test
  void aFaultInOneCellIsFoundAmongFairOnes() {
    Random random = new Random(9);
    List<Rows.Distribution> rows = new ArrayList<>();
    for (int cell = 0; cell < 20; cell++) {
      long[] counts = cell == 13 ? faultyDraw(random, 300) : fairDraw(random, 300, 5);
      for (int pod = 0; pod < 5; pod++) {
        rows.add(
            new Rows.Distribution(
                "cell-" + cell, 1, "pod-" + pod, "node-1", counts[pod], counts[pod]));
      }
    }
    List<String> notChance =
        Verdicts.of(rows).stream()
            .filter(v ->
                v.unit().equals(Verdicts.CONNECTIONS) && !v.verdict().equals(Verdicts.IS_CHANCE))
            .map(Rows.Verdict::cell)
            .toList();
    assertThat(notChance).containsExactly("cell-13");
  }
}
