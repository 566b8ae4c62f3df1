package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SilentPeerTest {
  /** As the kernel's documentation has it: 924.6 s for 15, at least 100 s for 8. */
  @Test
  void retriesDoubleTheirWaitUpToTwoMinutes() {
    assertThat(SilentPeer.givesUpAfterS(15)).isCloseTo(924.6, within(1e-9));
    assertThat(SilentPeer.givesUpAfterS(8)).isCloseTo(102.2, within(1e-9));
    assertThat(SilentPeer.givesUpAfterS(3)).isCloseTo(3, within(1e-9));
    double sum = 0;
    double wait = 0.2;
    for (int retries = 0; retries <= 15; retries++) {
      sum += Math.min(wait, 120);
      wait *= 2;
      assertThat(SilentPeer.givesUpAfterS(retries)).isCloseTo(sum, within(1e-9));
    }
  }

  @Test
  void asManyAreAllowedAsGiveUpInTime() {
    assertThat(SilentPeer.retriesWithin(1)).isEqualTo(1);
    assertThat(SilentPeer.retriesWithin(3)).isEqualTo(3);
    assertThat(SilentPeer.retriesWithin(60)).isEqualTo(7);
    assertThat(SilentPeer.retriesWithin(86_400)).isEqualTo(15);
  }
}
