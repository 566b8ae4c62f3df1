package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignFlipsTest {
  /** R: {@code wilcox.test(x - y, exact = TRUE)} of Hollander and Wolfe's depressions: 0.03906. */
  private static final double[] DEPRESSIONS = {
    1.83 - 0.878,
    0.50 - 0.647,
    1.62 - 0.598,
    2.48 - 2.05,
    1.68 - 1.06,
    1.88 - 1.29,
    1.55 - 1.06,
    3.06 - 3.14,
    1.30 - 1.29
  };

  @Test
  void isRsSignedRankTest() {
    assertThat(SignFlips.p(DEPRESSIONS)).isCloseTo(0.03906, within(0.00001));
  }

  @Test
  void eightBlocksThatAgreeHaveTheLeastProbability() {
    double[] all = {.1, .2, .3, .4, .5, .6, .7, .8};
    assertThat(SignFlips.p(all)).isEqualTo(2.0 / 256).isEqualTo(SignFlips.least(8));
    all[0] = 1000;
    assertThat(SignFlips.p(all)).as("a wild block weighs a rank").isEqualTo(2.0 / 256);
  }

  @Test
  void nothingAndZerosShowNothing() {
    assertThat(SignFlips.p()).isEqualTo(1);
    assertThat(SignFlips.p(0, 0, 0)).isEqualTo(1);
  }

  @Test
  void theIntervalIsWhatTheTestDoesNotReject() {
    Interval interval = SignFlips.interval(0.05, DEPRESSIONS);
    for (double at : new double[] {interval.low(), interval.high()}) {
      double in = at + (at < 0.4 ? 1e-6 : -1e-6);
      double out = at + (at < 0.4 ? -1e-6 : 1e-6);
      assertThat(SignFlips.p(Arrays.stream(DEPRESSIONS).map(d -> d - in).toArray()))
          .isGreaterThan(0.05);
      assertThat(SignFlips.p(Arrays.stream(DEPRESSIONS).map(d -> d - out).toArray()))
          .isLessThanOrEqualTo(0.05);
    }
    assertThat(SignFlips.interval(0.05, 1, 2, 3)).isEqualTo(Interval.UNBOUNDED);
  }

  @Test
  void manyBlocksAreExactToo() {
    Random random = new Random(3);
    double[] noise = IntStream.range(0, 200).mapToDouble(_ -> random.nextGaussian()).toArray();
    assertThat(SignFlips.p(noise)).isBetween(0.001, 1.0);
    assertThat(SignFlips.p(Arrays.stream(noise).map(d -> d + 1).toArray())).isLessThan(1e-9);
  }
}
