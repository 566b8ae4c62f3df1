package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.agent.Order;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellsAgentTest {
  private static final Experiment EXPERIMENT =
      ExperimentReader.parse(
          "guest.yaml",
          "experiment: guest\ntestbed: auto\nmatrix:\n  - {data-plane: [nftables, ipvs, iptables], connections: 2}\n");

  private static final Placement PLACEMENT =
      Placement.of(
          EXPERIMENT,
          false,
          AtHand.of(
              Map.of(
                  TestbedKind.NETNS,
                  AtHand.Has.everything(),
                  TestbedKind.UML,
                  AtHand.Has.everything())));

  /** What is asked for outside is what runs in the guest: cells, name, planted faults. */
  @Test
  void theOrderIsTheRunInTheGuest() {
    List<Cell> cells = EXPERIMENT.cells().subList(1, 3);
    Order.Cells order = GuestCells.order(EXPERIMENT, cells, options(PLACEMENT));
    Experiment there = CellsAgent.experiment(order);
    assertThat(there.cells()).isEqualTo(cells);
    assertThat(there.testbed()).isEqualTo(TestbedKind.UML);
    RunOptions options = CellsAgent.options(order, PLACEMENT);
    assertThat(options.rulesEdit()).isEqualTo("a=>b");
    assertThat(options.echoDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.run()).isEqualTo("ct0a1b2c");
  }

  /** Cells are known by their places, also beside some that a guest never has. */
  @Test
  void cellsThatNoGuestHasMoveNoOthers() {
    Experiment experiment =
        ExperimentReader.parse(
            "guest.yaml",
            """
            experiment: guest
            testbed: auto
            matrix:
              - {data-plane: nftables, cure: [envoy-least-request, haproxy-leastconn], connections: 2}
              - {data-plane: [ipvs, iptables], connections: 2}
            """);
    List<Cell> cells = experiment.cells().subList(2, 4);
    Order.Cells order = GuestCells.order(experiment, cells, options(PLACEMENT));
    Experiment there = CellsAgent.experiment(order);
    assertThat(there.cells()).isEqualTo(cells);
    AtHand guest = AtHand.of(Map.of(TestbedKind.UML, AtHand.Has.everything()));
    assertThat(Placement.of(there, true, guest).left()).isEmpty();
  }

  /** Whose rules a run is to have goes with the order. */
  @Test
  void theGuestLoadsTheRulesOfTheSameKubeProxy() {
    Experiment experiment =
        ExperimentReader.parse(
            "guest.yaml",
            "experiment: guest\ntestbed: uml\nmatrix:\n  - {data-plane: nftables, connections: 2}\n");
    AtHand here = AtHand.of(Map.of(TestbedKind.UML, AtHand.Has.everything()));
    assertThat(kubeProxy(experiment, here)).isEmpty();
    assertThat(kubeProxy(experiment, here.like(KubeProxy.V1_34))).contains(KubeProxy.V1_34);
    assertThat(
            Probe.within(experiment, Optional.of(KubeProxy.V1_34))
                .testbeds()
                .get(TestbedKind.UML)
                .kubeProxy())
        .contains(KubeProxy.V1_34);
  }

  private static Optional<KubeProxy> kubeProxy(Experiment experiment, AtHand here) {
    RunOptions options = options(Placement.of(experiment, true, here));
    return GuestCells.order(experiment, experiment.cells(), options).kubeProxy();
  }

  private static RunOptions options(Placement placement) {
    return new RunOptions(
        Path.of("results"),
        "a=>b",
        Duration.ofSeconds(2),
        List.of("run"),
        "1",
        placement,
        Optional.empty(),
        ClusterOptions.DEFAULT,
        "ct0a1b2c");
  }
}
