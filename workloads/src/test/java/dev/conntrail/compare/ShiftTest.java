package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShiftTest {
  private static final double[] TERM = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  private static final double[] EARLY = {1.15, 0.88, 0.90, 0.74, 1.21};

  /** {@code wilcox.test(term, early, conf.int = TRUE)}: 0.305, interval -0.15 to 0.76. */
  @Test
  void isRsEstimateAndInterval() {
    Shift shift = Shift.between(EARLY, TERM);
    assertThat(shift.estimate()).isCloseTo(0.305, within(1e-9));
    Interval interval = shift.interval(0.05);
    assertThat(interval.low()).isCloseTo(-0.15, within(1e-9));
    assertThat(interval.high()).isCloseTo(0.76, within(1e-9));
  }

  @Test
  void tooFewValuesHaveNoBounds() {
    Shift shift = Shift.between(new double[] {1, 2, 3}, new double[] {4, 5, 6});
    assertThat(shift.interval(0.05)).isEqualTo(Interval.UNBOUNDED);
    assertThat(shift.interval(0.11).low()).isEqualTo(1);
    assertThat(shift.interval(0.11).high()).isEqualTo(5);
  }

  @Test
  void errorsThatAreIndependentAddAsSquares() {
    Interval interval = new Interval(-3, 4).widened(0, 4);
    assertThat(interval.low()).isCloseTo(-5, within(1e-12));
    assertThat(interval.high()).isCloseTo(Math.sqrt(32), within(1e-12));
    assertThat(Interval.UNBOUNDED.widened(0, 1)).isEqualTo(Interval.UNBOUNDED);
  }
}
