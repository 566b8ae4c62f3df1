package dev.conntrail.analysis.around;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.spec.CellId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose CPU time is a pod's own. */
class PodsCpuTest {
  private static ProcessRow process(ProcessRole role, String name, int pods, double cpuNs) {
    return new ProcessRow(new At("run", new CellId("0a1b2c3d"), 1), role, name, pods, cpuNs, 0, 0);
  }

  @Test
  void eachPodIsAProcess() {
    PodsCpu cpu =
        PodsCpu.of(
                List.of(
                    process(ProcessRole.CLIENT, "client-1", 0, 9e9),
                    process(ProcessRole.PODS, "echo-a", 1, 3e9),
                    process(ProcessRole.PODS, "echo-b", 1, 1e9),
                    process(ProcessRole.PODS, "echo-c", 1, 2e9)))
            .orElseThrow();
    assertThat(cpu).isEqualTo(new PodsCpu(3, 2e9, 3e9));
    assertThat(cpu.hottestOverMean()).isEqualTo(1.5);
  }

  @Test
  void whereOneProcessServesAllPodsWhatEachTakesIsNotKnown() {
    assertThat(PodsCpu.of(List.of(process(ProcessRole.PODS, "pods", 4, 1e9)))).isEmpty();
    assertThat(
            PodsCpu.of(
                List.of(
                    process(ProcessRole.PODS, "pods-1", 2, 1e9),
                    process(ProcessRole.PODS, "pods-2", 1, 1e9))))
        .isEmpty();
  }
}
