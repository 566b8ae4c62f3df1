package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderLoopTest {
  /** Not in 1970: there is no room for bins of a tenth of a second since then. */
  @Test
  void whatIsToldToStopBeforeItBeginsBeginsNow() {
    OrderLoop.Signals signals = new OrderLoop.Signals();
    long before = System.currentTimeMillis();
    signals.drain();
    assertThat(signals.stop().getCount()).isZero();
    assertThat(signals.go().join()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void whatHasBegunKeepsItsBeginning() {
    OrderLoop.Signals signals = new OrderLoop.Signals();
    signals.go().complete(7L);
    signals.drain();
    assertThat(signals.go().join()).isEqualTo(7);
  }
}
