package dev.conntrail.report.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.spec.CellId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuFigureTest {
  private static ProcessRow took(double cpuNs) {
    return new ProcessRow(
        new At("run", new CellId("0123abcd"), 1), ProcessRole.CLIENT, "client-1", 0, cpuNs, 0, 0);
  }

  @Test
  void whatIsInTicksMayBeATickOffForEachProcess() {
    assertThat(CpuFigure.off(List.of(took(120e6), took(30e6)), 1000)).isEqualTo(20_000);
  }

  @Test
  void aFinerClockLeavesNoDoubtOfThatKind() {
    assertThat(CpuFigure.off(List.of(took(120e6), took(30_000_001)), 1000)).isZero();
  }

  @Test
  void ofNothingNothingIsOff() {
    assertThat(CpuFigure.off(List.of(), 0)).isZero();
  }
}
