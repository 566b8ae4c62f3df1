package dev.conntrail.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTicksTest {
  /** What the hypervisor took is no use of this machine; guests are in user time already. */
  @Test
  void busyIsNeitherIdleNorWaitingNorStolen() {
    CpuTicks used =
        CpuTicks.of("cpu  1100 10 215 5066 60 5 40 24 900 0")
            .since(CpuTicks.of("cpu  1000 10 200 5000 50 5 35 20 700 0"));
    assertThat(used).isEqualTo(new CpuTicks(200, 120, 4));
    assertThat(used.percent(used.busy())).isEqualTo(60);
  }

  @Test
  void whatTheSystemDoesNotTellIsNotKnown() {
    assertThat(CpuTicks.of("cpu  1 2 3").busy()).isNaN();
    assertThat(CpuTicks.of("").percent(1)).isNaN();
    CpuTicks same = CpuTicks.of("cpu  1 1 1 1 1 1 1 1");
    assertThat(same.since(same).percent(0)).as("of nothing").isNaN();
  }

  @Test
  void thisMachineTells() {
    CpuTicks now = CpuTicks.now();
    assertThat(now.busy()).isPositive().isLessThan(now.all());
  }
}
