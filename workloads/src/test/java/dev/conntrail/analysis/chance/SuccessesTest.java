package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class SuccessesTest {
  @Test
  void ofEqualTrialsIsTheBinomial() {
    double[] each = new double[30];
    Arrays.fill(each, 0.3);
    Successes successes = new Successes(each);
    BinomialDistribution binomial = BinomialDistribution.of(30, 0.3);
    for (int n = 0; n <= 30; n++) {
      assertThat(successes.exactly(n)).isCloseTo(binomial.probability(n), within(1e-12));
      assertThat(successes.atMost(n)).isCloseTo(binomial.cumulativeProbability(n), within(1e-12));
    }
    assertThat(successes.atLeast(0)).isCloseTo(1, within(1e-12));
  }

  @Test
  void ofUnequalTrialsCountsEach() {
    Successes successes = new Successes(new double[] {0, 1, 0.5, 0.2});
    assertThat(successes.exactly(0)).isZero();
    assertThat(successes.exactly(1)).isCloseTo(0.4, within(1e-12));
    assertThat(successes.exactly(2)).isCloseTo(0.5, within(1e-12));
    assertThat(successes.atLeast(3)).isCloseTo(0.1, within(1e-12));
  }
}
