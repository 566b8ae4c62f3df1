package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuShortageTest {
  private static final long SECOND_NS = 1_000_000_000;

  private static boolean isShort(double lagMs, double cpu, double waited, int cpus) {
    return CpuShortage.is(
        lagMs * 1e6,
        new CpuUse((long) (cpu * SECOND_NS), waited * SECOND_NS, cpus, 100, 0, 0, 0, 0),
        SECOND_NS);
  }

  /** As measured; CPU and waits in seconds of each second. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2000/s,                           0.3,  0.46, 0.27, 2, false",
    "pods stopped three times,         0.14, 0.13, 0.09, 2, false",
    "pods slow and every caller busy,  NaN,  0.10, 0.21, 2, false",
    "beside builds,                    9.6,  0.19, 0.18, 2, false",
    "WebSocket beside builds,          6.7,  0.14, 0.32, 2, false",
    "5000/s beside builds,             2.8,  1.00, 0.76, 2, false",
    "closed loop of one,               NaN,  0.90, 0.54, 2, false",
    "closed loop and pods stopped,     NaN,  0.70, 1.04, 2, false",
    "an event loop that hardly runs,   0.4,  0.02, 0.07, 2, false",
    "one busy loop,                    17.6, 0.16, 0.32, 1, true",
    "two busy loops,                   5.26, 0.14, 0.67, 1, true",
    "three busy loops,                 7.52, 0.10, 0.62, 1, true",
    "three busy loops and closed loop, NaN,  0.27, 1.11, 1, true",
    "low priority,                     NaN,  0.09, 1.70, 1, true",
    "more to send than one CPU can,    NaN,  0.98, 0.78, 1, true",
    "more to send than two CPUs can,   NaN,  1.39, 1.51, 2, true",
    "closed loop that takes all,       NaN,  1.26, 1.24, 2, true",
  })
  void itIsShortWhereItIsLateOrWaitsOrHasMoreToDoThanItCan(
      String what, double lagMs, double cpu, double waited, int cpus, boolean isShort) {
    assertThat(isShort(lagMs, cpu, waited, cpus)).as(what).isEqualTo(isShort);
  }

  @Test
  void whatIsNotKnownIsNoSign() {
    assertThat(isShort(Double.NaN, 0, Double.NaN, 2)).isFalse();
    assertThat(isShort(11, 0.1, Double.NaN, 2)).isTrue();
    assertThat(CpuShortage.is(Double.NaN, new CpuUse(0, 0, 2, 0, 0, 0, 0, 0), 0))
        .as("a run that was told to stop before it measured")
        .isFalse();
  }
}
