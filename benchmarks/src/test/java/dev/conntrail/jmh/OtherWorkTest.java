package dev.conntrail.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class OtherWorkTest {
  private static final double NS_PER_TICK = 1e7;

  /** Two CPUs, 100 ticks later: this process had 90, others 30, the hypervisor took 4. */
  @Test
  void othersHadWhatWasBusyAndNotOwn() {
    OtherWork.Ticks before =
        OtherWork.Ticks.of(
            List.of("cpu  1000 10 200 5000 50 5 35 20 7 0", "cpu0 1 1 1 1"), 300 * NS_PER_TICK);
    OtherWork.Ticks after =
        OtherWork.Ticks.of(
            List.of("cpu  1100 10 215 5066 60 5 40 24 9 0", "cpu0 1 1 1 1"), 390 * NS_PER_TICK);
    assertThat(before.otherPct(after)).isCloseTo(100 * 30.0 / 200, within(1e-9));
    assertThat(before.stealPct(after)).isCloseTo(100 * 4.0 / 200, within(1e-9));
  }

  /** Ticks are coarse: a process may seem to have had more than all CPUs were busy. */
  @Test
  void nothingIsNeverLessThanNothing() {
    OtherWork.Ticks before = OtherWork.Ticks.of(List.of("cpu  0 0 0 100 0 0 0 0 0 0"), 0);
    OtherWork.Ticks after =
        OtherWork.Ticks.of(List.of("cpu  10 0 0 200 0 0 0 0 0 0"), 12 * NS_PER_TICK);
    assertThat(before.otherPct(after)).isZero();
    assertThat(before.otherPct(before)).isZero();
  }
}
