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

  /** Pods that join without being made run from the first; those that come back do anyhow. */
  @Test
  void whatJoinsIsThereFromTheFirst() {
    Experiment joining =
        ExperimentReader.parse(
            "f.yaml",
            """
            experiment: x
            testbed: kind
            matrix:
              - {pods: 4, events: [{at: 1s, add-endpoints: 2}]}
              - {pods: 4, events: [{at: 1s, remove-endpoints: 1}, {at: 2s, add-endpoints: 1}]}
              - {pods: 2, events: [{at: 1s, remove-endpoints: 1}, {at: 2s, add-endpoints: 5}]}
              - {pods: 4, events: [{at: 1s, scale: 9}]}
            """);
    var needs = StageNeeds.of(TestbedKind.KIND, joining.cells());
    assertThat(needs.keySet())
        .containsExactly(on(DataPlane.IPTABLES, 6, 1), on(DataPlane.IPTABLES, 4, 1));
    assertThat(needs.values().stream().mapToInt(List::size)).containsExactly(2, 2);
  }

  private static StageNeeds on(DataPlane mode, int pods, int nodes) {
    return new StageNeeds(TestbedKind.KIND, mode, pods, nodes);
  }
}
