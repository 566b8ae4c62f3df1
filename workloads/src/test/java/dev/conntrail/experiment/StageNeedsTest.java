package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which cells share a stage, and in which order stages come. */
class StageNeedsTest {
  private static final Experiment TURNS =
      ExperimentReader.parse(
          "f.yaml",
          """
          experiment: x
          testbed: auto
          matrix:
            - {data-plane: [iptables, nftables, direct], pods: 10}
            - {data-plane: nftables, pods: 4}
            - {data-plane: iptables, pods: 4}
            - {data-plane: iptables, pods: 4, clients: 2, nodes: 2}
            - {data-plane: iptables, pods: 5}
          """,
          Optional.of(TestbedKind.KIND));

  /** Making one takes a minute. */
  @Test
  void aClusterIsMadeOnce() {
    var needs = StageNeeds.of(TestbedKind.KIND, TURNS.cells());
    assertThat(needs.keySet())
        .containsExactly(
            on(DataPlane.IPTABLES, 10, 1),
            on(DataPlane.IPTABLES, 4, 1),
            on(DataPlane.IPTABLES, 5, 1),
            on(DataPlane.NFTABLES, 10, 1),
            on(DataPlane.NFTABLES, 4, 1),
            on(DataPlane.IPTABLES, 4, 2));
    assertThat(needs.values().stream().mapToInt(List::size)).containsExactly(2, 1, 1, 1, 1, 1);
  }

  private static StageNeeds on(DataPlane mode, int pods, int nodes) {
    return new StageNeeds(TestbedKind.KIND, mode, pods, nodes);
  }
}
