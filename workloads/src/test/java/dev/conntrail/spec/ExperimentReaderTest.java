package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentReaderTest {
  private static final String GOOD =
      """
      experiment: mine
      question: Why?
      testbed: netns
      seed: 7
      repetitions: 2
      phases: {warmup: 1s, measure: 2s, drain: 500ms}
      matrix:
        - data-plane: [iptables, nftables]
          iptables-backend: [nft, legacy]
          protocol: [http1, grpc]
          connections: [10, 20]
          pods: 5
          rate: 100
      """;

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            "seed: 7", "sead: 7", "f.yaml:4: sead: found an unknown key", "did you mean 'seed'"),
        Arguments.of(
            "testbed: netns",
            "testbed: netnz",
            "f.yaml:3: testbed: found 'netnz'",
            "allowed: netns, uml, loopback"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: many",
            "f.yaml:5: repetitions: found 'many'",
            "a whole number from 1 to 1000"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: 0",
            "f.yaml:5: repetitions: found '0'",
            "from 1 to 1000"),
        Arguments.of(
            "repetitions: 2",
            "repetitions: [1, 2]",
            "f.yaml:5: repetitions: found a list",
            "one value"),
        Arguments.of(
            "measure: 2s", "measure: 2", "f.yaml:6: phases.measure: found '2'", "500ms, 5s or 2m"),
        Arguments.of(
            "measure: 2s",
            "measure: 1ms",
            "f.yaml:6: phases.measure: found '1ms'",
            "from 100ms to 60m"),
        Arguments.of("pods: 5", "pods: 500", "f.yaml:12: matrix.pods: found '500'", "1 to 300"),
        Arguments.of("pods: 5", "pods: ", "f.yaml:12: matrix.pods: found nothing", "one value"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: [http1, http3]",
            "f.yaml:10: matrix.protocol: found 'http3'",
            "http1, http2, grpc"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: [http1, http1]",
            "f.yaml:10: matrix.protocol: found 'http1' a second time",
            "each value once"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: []",
            "f.yaml:10: matrix.protocol: found an empty list",
            "at least one value"),
        Arguments.of(
            "rate: 100",
            "rate: fast",
            "f.yaml:13: matrix.rate: found 'fast'",
            "closed, or requests a second"),
        Arguments.of(
            "rate: 100",
            "rate: 100\n    rate: 200",
            "f.yaml:14: matrix.rate: found the key a second time",
            "each key once"),
        Arguments.of(
            "testbed: netns",
            "testbed: loopback",
            "f.yaml:8: matrix.data-plane: found 'iptables' on testbed loopback",
            "direct"),
        Arguments.of(
            "data-plane: [iptables, nftables]",
            "data-plane: nftables",
            "matrix.iptables-backend: found a backend but no data plane iptables",
            "only beside"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: websocket\n    pooling: shared",
            "matrix.pooling: found 'shared' with protocol websocket",
            "dedicated"),
        Arguments.of("protocol: [http1, grpc]", "protocol: short-lived\n    clients: 1", "", ""),
        Arguments.of(
            "rate: 100",
            "clients: 16",
            "matrix.clients: found 16 clients for 10 connections",
            "at most as many"),
        Arguments.of(
            "experiment: mine",
            "experiment: My One",
            "f.yaml:1: experiment: found 'My One'",
            "a-z, 0-9 and -"),
        Arguments.of("experiment: mine\n", "", "f.yaml:1: experiment: found no such key", "a name"),
        Arguments.of("seed: 7", "seed: 7: 8", "f.yaml:4", "not YAML"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void refusesWithFileLineKeyFoundAndAllowed(
      String part, String fault, String place, String allowed) {
    String text = GOOD.replace(part, fault);
    assertThat(text).isNotEqualTo(GOOD);
    if (place.isEmpty()) {
      assertThat(ExperimentReader.parse("f.yaml", text).cells()).isNotEmpty();
    } else {
      assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", text))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining(place)
          .hasMessageContaining(allowed);
    }
  }

  @Test
  void shortLivedNeedsARateThatThePortsAllow() {
    String closed =
        GOOD.replace("[http1, grpc]", "short-lived").replace("rate: 100", "rate: closed");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", closed))
        .hasMessageContaining("would run out of local ports");
    String fast = GOOD.replace("[http1, grpc]", "short-lived").replace("rate: 100", "rate: 50000");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", fast))
        .hasMessageContaining("opens 150000 connections")
        .hasMessageContaining("at most 64000");
  }

  @Test
  void expandsToTheProductOfItsAxes() {
    Experiment e = ExperimentReader.parse("f.yaml", GOOD);
    // iptables with two backends and nftables with none, two protocols, two numbers of connections
    assertThat(e.cells()).hasSize((2 + 1) * 2 * 2);
    assertThat(e.cells())
        .extracting(Cell::dataPlaneWord)
        .containsOnly("iptables-nft", "iptables-legacy", "nftables");
    assertThat(e.cells()).extracting(Cell::id).doesNotHaveDuplicates();
    assertThat(e.seed()).isEqualTo(7);
    assertThat(e.phases().drain().toMillis()).isEqualTo(500);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ExperimentReader.read(Path.of("no-such.yaml"), Optional.empty()))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("no-such.yaml: no such file");
    assertThatThrownBy(() -> BundledExperiments.nameOrFile("defualt"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("bundled: default");
  }

  @Test
  void everyBundledExperimentIsValidAndNamedAsItsFile() {
    for (String name : BundledExperiments.NAMES) {
      assertThat(BundledExperiments.byName(name).name()).isEqualTo(name);
    }
  }

  @Test
  void theDefaultCoversAllPlanesAndProtocolsWithThreeRepetitions() {
    Experiment e = BundledExperiments.byName("default");
    assertThat(e.repetitions()).isGreaterThanOrEqualTo(3);
    for (DataPlane plane : List.of(DataPlane.IPTABLES, DataPlane.NFTABLES, DataPlane.DIRECT)) {
      List<Protocol> spoken =
          e.cells().stream()
              .filter(c -> c.dataPlane() == plane)
              .map(Cell::protocol)
              .distinct()
              .toList();
      assertThat(spoken).containsExactlyInAnyOrder(Protocol.values());
    }
  }

  @Test
  void onAClusterTheBackendIsKubeProxysChoice() {
    String text =
        "experiment: x\ntestbed: %s\nmatrix:\n  - {data-plane: iptables, iptables-backend: [nft, legacy]}\n";
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", text.formatted("kind")))
        .hasMessageContaining("f.yaml:4")
        .hasMessageContaining("kube-proxy chooses");
    Experiment instead =
        ExperimentReader.parse("f.yaml", text.formatted("netns"), Optional.of(TestbedKind.KIND));
    assertThat(instead.testbed()).isEqualTo(TestbedKind.KIND);
    assertThat(instead.cells()).hasSize(1);
  }

  @Test
  void ipvsGoesWhereThereAreRules() {
    String text = "experiment: x\ntestbed: %s\nmatrix:\n  - {data-plane: ipvs}\n";
    for (String testbed : List.of("netns", "uml", "kind", "cluster")) {
      assertThat(ExperimentReader.parse("f.yaml", text.formatted(testbed)).cells()).hasSize(1);
    }
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", text.formatted("loopback")))
        .hasMessageContaining("found 'ipvs' on testbed loopback");
  }

  @Test
  void clientsShareConnectionsWithoutLoss() {
    Cell cell =
        new Cell(
            DataPlane.DIRECT,
            IptablesBackend.AUTO,
            Protocol.HTTP1,
            Pooling.DEDICATED,
            10,
            3,
            4,
            new LoadModel.Closed());
    assertThat(
            cell.connectionsOf(0)
                + cell.connectionsOf(1)
                + cell.connectionsOf(2)
                + cell.connectionsOf(3))
        .isEqualTo(10);
  }
}
