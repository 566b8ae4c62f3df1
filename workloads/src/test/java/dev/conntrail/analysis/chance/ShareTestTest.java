package dev.conntrail.analysis.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShareTestTest {
  /** Of R's binom.test: both tails, and outcomes no more likely than the one that was seen. */
  @Test
  void givesTheExactProbability() {
    assertThat(new ShareTest(0.5, 10).p(0)).isCloseTo(2.0 / 1024, within(1e-12));
    assertThat(new ShareTest(0.5, 10).p(8)).isCloseTo(112.0 / 1024, within(1e-12));
    assertThat(new ShareTest(0.5, 10).p(5)).isEqualTo(1);
    assertThat(new ShareTest(0.25, 4).p(3)).isCloseTo(13.0 / 256, within(1e-12));
  }

  @Test
  void whereNoneIsExpectedOneIsEnough() {
    ShareTest none = new ShareTest(0, 40);
    assertThat(none.p(0)).isEqualTo(1);
    assertThat(none.p(1)).isZero();
    assertThat(none.power(0.1, 0.001)).isCloseTo(1 - Math.pow(0.9, 40), within(1e-12));
  }

  @Test
  void saysHowOftenAnotherShareWouldBeFound() {
    ShareTest half = new ShareTest(0.5, 80);
    assertThat(half.power(0.5, 0.001)).isLessThanOrEqualTo(0.001);
    assertThat(half.power(0.25, 0.001)).isGreaterThan(0.8);
    assertThat(new ShareTest(0.5, 20).power(0.25, 0.001)).isLessThan(0.5);
  }

  @Test
  void refusesWhatIsNoShare() {
    assertThatThrownBy(() -> new ShareTest(1.5, 3)).hasMessageContaining("found 1.5 of 3");
  }
}
