package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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
            "allowed: auto, netns, uml, loopback"),
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
            "matrix.iptables-backend: found it, but no data plane iptables",
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
        Arguments.of(
            "pods: 5",
            "pods: 5\n    nodes: 2",
            "f.yaml:13: matrix.nodes: found 2 nodes for 1 clients",
            "at most as many nodes as clients"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    ipvs-scheduler: lc",
            "f.yaml:13: matrix.ipvs-scheduler: found it, but no data plane ipvs",
            "only beside data-plane: ipvs"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    ipvs-tcp-timeout: 3s",
            "f.yaml:13: matrix.ipvs-tcp-timeout: found it, but no data plane ipvs",
            "only beside data-plane: ipvs"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    conntrack-tcp-timeout-established: 300ms",
            "f.yaml:13: matrix.conntrack-tcp-timeout-established: found '300ms'",
            "a duration in whole seconds, such as 5s or 2m, from 1s to 432000s"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    conntrack-max: 100",
            "f.yaml:13: matrix.conntrack-max: found '100' on testbed netns",
            "testbed: uml, for the number is the whole kernel's"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    keep-alive: ping",
            "matrix.keep-alive: found 'ping' with protocol http1",
            "ping with http2, grpc, grpc-stream, websocket"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    keep-alive-interval: 2s",
            "matrix.keep-alive-interval: found it without keep-alive",
            "only beside keep-alive"),
        Arguments.of(
            "protocol: [http1, grpc]",
            "protocol: short-lived\n    opening: spread",
            "matrix.opening: found 'spread' with short-lived",
            "spread only with long-lived connections"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 3s, add-endpoints: 1}]",
            "f.yaml:13: matrix.events.at: found 3000ms in a measure phase of 2000ms",
            "a moment within it"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s}]",
            "f.yaml:13: matrix.events.at: found 0 things to do",
            "one of add-endpoints, remove-endpoints, delete-endpoints"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{at: 1s, remove-endpoints: 5}]",
            "matrix.events: found remove-endpoints=5@1000ms, which leaves 0 pods",
            "1 to 300 at any time"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: [{add-endpoints: 5}]",
            "matrix.events.at: found no such key",
            "when, from the start of measure"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    phases: {idle: 2}",
            "f.yaml:13: matrix.phases.idle: found '2'",
            "500ms, 5s or 2m"),
        Arguments.of(
            "rate: 100",
            "rate: 100\n  - {}",
            "f.yaml:14: matrix: found an empty mapping",
            "at least one block with data-plane"),
        Arguments.of(
            "pods: 5",
            "pods: 5\n    events: []",
            "f.yaml:13: matrix.events: found an empty list",
            "at least one block with at, add-endpoints"),
        Arguments.of(
            "pods: 5",
            "pods: [1, 2]\n    [a]: 3",
            "f.yaml:13: matrix: found a key that is not a word",
            "data-plane, iptables-backend"),
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[]     | an empty list",
        "{}     | an empty mapping",
        "[{}]   | an empty mapping",
        "[[]]   | an empty list",
        "null   | nothing",
        "http1  | 'http1'",
        "[1, 2] | '1'"
      })
  void aMatrixWithoutBlocksIsRefused(String matrix, String found) {
    assertThatThrownBy(
            () -> ExperimentReader.parse("f.yaml", "experiment: x\nmatrix: " + matrix + "\n"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("f.yaml:2: matrix: found " + found + "; allowed: a ")
        .hasMessageContaining("with data-plane, ");
  }

  @Test
  void whatIsNoYamlHasItsLineToo() {
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", "a: 1\nb: \ud83d\ude00\nc: \u0007\n"))
        .hasMessage("f.yaml:3: not YAML: found the character U+0007");
    assertThatThrownBy(() -> ExperimentReader.parse("f.yaml", ""))
        .hasMessageStartingWith("f.yaml:1: the file: found nothing in it; allowed: a mapping with");
  }

  /** A product that would fill the memory is refused before it is made. */
  @Test
  void aBlockHasABoundedNumberOfCells() {
    String numbers = IntStream.rangeClosed(1, 300).boxed().toList().toString();
    assertThatThrownBy(() ->
            ExperimentReader.parse(
                "f.yaml",
                "experiment: x\nmatrix:\n  connections: "
                    + numbers
                    + "\n  pods: "
                    + numbers
                    + "\n"))
        .hasMessage(
            "f.yaml:4: matrix.pods: found 300 values, and 300 cells without them; allowed: at most 10000 cells in a block");
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
        .extracting(c -> c.plane().word())
        .containsOnly("iptables-nft", "iptables-legacy", "nftables");
    assertThat(e.cells()).extracting(Cell::id).doesNotHaveDuplicates();
    assertThat(e.seed()).isEqualTo(7);
    assertThat(e.cells())
        .allSatisfy(c -> assertThat(c.course().phases().drain().toMillis()).isEqualTo(500));
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
    assertThat(e.blocks().getFirst())
        .allSatisfy(c -> assertThat(c.course().repetitions()).isGreaterThanOrEqualTo(3));
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
  void aVariantIsWhatIsSetOfTheDataPlaneAlone() {
    List<Cell> cells =
        ExperimentReader.parse(
                "f.yaml",
                """
                experiment: x
                testbed: auto
                matrix:
                  - {data-plane: ipvs, conn-reuse-mode: [0, 1]}
                  - {data-plane: ipvs, conn-reuse-mode: 0, syn-retries: 2, connections: 3}
                """)
            .cells();
    assertThat(cells.get(0).variant()).isEqualTo(cells.get(2).variant());
    assertThat(cells.get(0).variant()).isNotEqualTo(cells.get(1).variant());
  }

  @Test
  void axesThatBelongToOneDataPlaneMultiplyOnlyIts() {
    Experiment e =
        ExperimentReader.parse(
            "f.yaml",
            """
            experiment: x
            testbed: auto
            matrix:
              - data-plane: [iptables, ipvs]
                iptables-backend: [nft, legacy]
                ipvs-scheduler: [rr, lc, mh]
                ipvs-tcp-timeout: [3s, 15m]
                syn-retries: 2
            """);
    assertThat(e.cells())
        .extracting(c -> c.variant().text())
        .containsExactly(
            "iptables-nft",
            "iptables-legacy",
            "ipvs-rr, ipvs-tcp-timeout 3s",
            "ipvs-rr, ipvs-tcp-timeout 900s",
            "ipvs-lc, ipvs-tcp-timeout 3s",
            "ipvs-lc, ipvs-tcp-timeout 900s",
            "ipvs-mh, ipvs-tcp-timeout 3s",
            "ipvs-mh, ipvs-tcp-timeout 900s");
    assertThat(e.cells())
        .extracting(Cell::workload)
        .containsOnly("http1, 100 connections, syn-retries 2");
    assertThat(e.cells()).extracting(Cell::id).doesNotHaveDuplicates();
    assertThat(e.cells().getLast().key())
        .contains("ipvs-scheduler=mh", "ipvs-tcp-timeout=900s", "syn-retries=2");
  }

  @Test
  void aBlockMayHaveACourseOfItsOwn() {
    Experiment e =
        ExperimentReader.parse(
            "f.yaml",
            """
            experiment: x
            repetitions: 3
            phases: {warmup: 1s, measure: 2s, drain: 3s}
            matrix:
              - {protocol: http1}
              - protocol: http2
                repetitions: 1
                pods: 4
                phases: {idle: 10s, measure: 4s}
                events: [{at: 2s, remove-endpoints: 3}, {at: 1s, add-endpoints: 2}]
            """);
    Course first = e.blocks().getFirst().getFirst().course();
    Course second = e.blocks().getLast().getFirst().course();
    assertThat(first.phases().length()).isEqualTo(Duration.ofSeconds(3));
    assertThat(first.repetitions()).isEqualTo(3);
    assertThat(second.phases())
        .isEqualTo(
            new Phases(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                Duration.ofSeconds(3)));
    assertThat(second.changes())
        .extracting(Change::text)
        .containsExactly("add-endpoints=2@1000ms", "remove-endpoints=3@2000ms");
    assertThat(second.mostPods(4)).isEqualTo(6);
    assertThat(e.tries()).isEqualTo(4);
    assertThat(e.cells().getLast().provoking()).isTrue();
  }

  /** What only a run can do that makes nodes and rules is left out on a cluster, and said. */
  @Test
  void onAnotherTestbedWhatCannotBeThereIsLeftOut() {
    String text =
        """
        experiment: x
        testbed: auto
        matrix:
          - {data-plane: [iptables, direct], protocol: grpc}
          - {data-plane: ipvs, ipvs-scheduler: [rr, lc]}
          - {data-plane: iptables, clients: 2, nodes: 2}
          - {data-plane: iptables, events: [{at: 1s, add-endpoints: 1}]}
        """;
    Experiment kind = ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.KIND));
    assertThat(kind.cells())
        .extracting(c -> c.variant().text())
        .containsExactly("iptables", "direct", "ipvs-rr");
    assertThat(kind.notes()).containsExactly("left out: 3 cells that cannot be on testbed kind");
    Experiment loopback = ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.LOOPBACK));
    assertThat(loopback.cells()).extracting(c -> c.variant().text()).containsExactly("direct");
    assertThatThrownBy(
            () -> ExperimentReader.parse("f.yaml", text.replace("testbed: auto", "testbed: kind")))
        .hasMessageContaining("f.yaml:5: matrix.ipvs-scheduler: found 'rr, lc' on testbed kind")
        .hasMessageContaining("netns, uml or auto");
    assertThatThrownBy(() ->
            ExperimentReader.parse(
                "f.yaml",
                "experiment: x\nmatrix:\n  - {data-plane: nftables}\n",
                Optional.of(TestbedKind.LOOPBACK)))
        .hasMessage(
            "f.yaml:3: matrix: found no cell that can run on testbed loopback; allowed: another testbed for these");
  }

  @Test
  void clientsShareConnectionsWithoutLoss() {
    Cell cell =
        Cell.of(
            DataPlane.DIRECT,
            Traffic.DEFAULT.withConnections(10).withClients(4),
            3,
            ExperimentReader.parse("f.yaml", GOOD).cells().getFirst().course());
    assertThat(
            cell.connectionsOf(0)
                + cell.connectionsOf(1)
                + cell.connectionsOf(2)
                + cell.connectionsOf(3))
        .isEqualTo(10);
  }
}
