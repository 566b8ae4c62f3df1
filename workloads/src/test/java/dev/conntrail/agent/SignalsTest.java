package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignalsTest {
  /** Not in 1970: there is no room for bins of a tenth of a second since then. */
  @Test
  void whatIsToldToStopBeforeItBeginsBeginsNow() {
    Signals signals = new Signals();
    long before = System.currentTimeMillis();
    signals.drain();
    assertThat(signals.stop().getCount()).isZero();
    assertThat(signals.begin().join()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void whatHasBegunKeepsItsBeginning() {
    Signals signals = new Signals();
    signals.begin().complete(7L);
    signals.drain();
    assertThat(signals.begin().join()).isEqualTo(7);
  }
}
