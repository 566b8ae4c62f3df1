package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Ages;
import dev.conntrail.spec.Jitter;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BegunTogetherTest {
  private static final int RUNS = 4000;
  private static final double[] BEGUN = {-0.053, -0.021, 0.002, 0.017, 0.064};
  private static final BegunTogether.Slack SLACK = new BegunTogether.Slack(0.02, 0.05, 0.2);

  private static BegunTogether theory(Jitter law) {
    return new BegunTogether(new MaximumAge(Ages.of(law, 0.3), 2), BEGUN);
  }

  /** Connects by tenth of a second until 8 s, a connection on average. */
  private static double[] simulated(Jitter law, double lagS, double spreadS) {
    SplittableRandom random = new SplittableRandom(3);
    double[] seen = new double[80];
    for (int run = 0; run < RUNS; run++) {
      for (double begun : BEGUN) {
        double now = begun;
        while (now < 8) {
          now += 2 * law.factor(random.nextDouble(), 0.3) + lagS + spreadS * random.nextDouble();
          if (now < 8) {
            seen[(int) (10 * now)] += 1.0 / RUNS / BEGUN.length;
          }
        }
      }
    }
    return seen;
  }

  @ParameterizedTest
  @EnumSource(Jitter.class)
  void expectsWhatASimulationHas(Jitter law) {
    double[] seen = simulated(law, 0.03, 0);
    for (int i = 0; i < seen.length; i++) {
      assertThat(theory(law).expected(i / 10.0, (i + 1) / 10.0, 0.03))
          .as("%s, %d", law, i)
          .isCloseTo(seen[i], within(5 * Math.sqrt(seen[i] / RUNS / BEGUN.length) + 1e-3));
    }
    assertThat(Arrays.stream(seen).sum()).isGreaterThan(2.5);
  }

  /** However late each is, as long as that is within the slack. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 0.2", "0.2, 0", "0.05, 0.1"})
  void boundsHoldWhatASimulationHas(double lagS, double spreadS) {
    for (Jitter law : Jitter.values()) {
      double[] seen = simulated(law, lagS, spreadS);
      for (int i = 0; i < seen.length; i++) {
        double error = 5 * Math.sqrt(seen[i] / RUNS / BEGUN.length) + 1e-3;
        assertThat(seen[i])
            .as("%s, %d", law, i)
            .isGreaterThan(theory(law).atLeast(i / 10.0, (i + 1) / 10.0, SLACK) - error)
            .isLessThan(theory(law).atMost(i / 10.0, (i + 1) / 10.0, SLACK) + error);
      }
    }
  }

  @Test
  void withoutJitterAllConnectAtOnceAndAgain() {
    BegunTogether none = theory(Jitter.NONE);
    assertThat(none.expected(1.9, 2.1, 0)).isEqualTo(1);
    assertThat(none.expected(2.1, 3.9, 0)).isZero();
    assertThat(none.expected(1.9, 4.1, 0)).isEqualTo(2);
    assertThat(none.atLeast(1.5, 2.5, SLACK)).isEqualTo(1);
    assertThat(none.atMost(2.5, 3.5, SLACK)).isZero();
  }
}
