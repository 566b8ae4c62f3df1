package dev.conntrail.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.calibration.MachineUse.Running;
import dev.conntrail.posix.CpuTicks;
import dev.conntrail.result.row.Disturbance;
import dev.conntrail.result.row.OtherWork;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineUseTest {
  private static MachineUse use(String cpu, double own) {
    return new MachineUse(CpuTicks.of(cpu), own, Double.NaN);
  }

  /** Two CPUs, 100 ticks later: this process and its children had 90, others 30. */
  @Test
  void othersHadWhatWasBusyAndNotOwn() {
    OtherWork beside =
        use("cpu  1100 10 215 5066 60 5 40 24 9 0", 390)
            .since(use("cpu  1000 10 200 5000 50 5 35 20 7 0", 300));
    assertThat(beside.otherCpuPct()).isCloseTo(100 * 30.0 / 200, within(1e-9));
    assertThat(beside.stealPct()).isCloseTo(2, within(1e-9));
    assertThat(beside.disturbances()).containsExactly(Disturbance.OTHER_CPU);
  }

  @Test
  void aQuietMachineIsNotMarkedAndAStolenOneIs() {
    MachineUse before = use("cpu  0 0 0 0 0 0 0 0 0 0", 0);
    assertThat(use("cpu  60 0 0 137 0 0 0 3 0 0", 55).since(before).disturbances()).isEmpty();
    assertThat(use("cpu  60 0 0 130 0 0 0 10 0 0", 60).since(before).disturbances())
        .containsExactly(Disturbance.STEAL);
    assertThat(use("cpu  9 0 0 100 0 0 0 0 0 0", 12).since(before).otherCpuPct()).isZero();
  }

  @Test
  void whatTheSystemDoesNotTellIsUnknownAndNoMark() {
    MachineUse now = use("cpu  60 0 0 137 0 0 0 3 0 0", 55);
    MachineUse unknown = use("", Double.NaN);
    assertThat(now.since(unknown).otherCpuPct()).isNaN();
    assertThat(now.since(unknown).disturbed()).isFalse();
    assertThat(now.since(now).disturbed()).isFalse();
  }

  /** Names may hold spaces and brackets; ticks are own and those of children waited for. */
  @Test
  void processesAreReadFromTheirStat() {
    assertThat(
            Running.of("42 (a) b) c) S 7 42 42 0 -1 4194560 9 9 0 0 100 20 3 4 20 0 1 0 5 6 7 8 9"))
        .isEqualTo(new Running(42, 7, 127));
  }

  @Test
  void ownIsAllThatCameFromAProcess() {
    List<Running> running =
        List.of(
            new Running(1, 0, 1000),
            new Running(10, 1, 1),
            new Running(11, 10, 2),
            new Running(12, 11, 4),
            new Running(13, 1, 8),
            new Running(14, 99, 16));
    assertThat(MachineUse.own(running, 10)).isEqualTo(7);
    assertThat(MachineUse.own(running, 77)).isZero();
  }

  @Test
  void thisMachineTells() {
    MachineUse now = MachineUse.now();
    assertThat(now.ticks().all()).isPositive();
    assertThat(now.own()).isPositive().isLessThanOrEqualTo(now.ticks().all());
  }
}
