package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExperimentReaderTest {
  @Test
  void expandsToTheProductOfItsAxes() {
    Experiment e = ExperimentReader.parse("f.yaml", ExperimentRefusalsTest.GOOD);
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
  void theDefaultCoversAllProtocolsThroughServicesMoreThanOnce() {
    Experiment e = BundledExperiments.byName("default");
    assertThat(e.blocks().getFirst())
        .allSatisfy(c -> assertThat(c.course().repetitions()).isGreaterThanOrEqualTo(2));
    for (DataPlane plane : List.of(DataPlane.IPTABLES, DataPlane.NFTABLES)) {
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

  /** What is compared within a block has one client: libraries, where one cell asks about them. */
  @Test
  void theLoopSendsRequestsWhereLibrariesAreNoPartOfTheQuestion() {
    List<List<Cell>> blocks =
        ExperimentReader.parse(
                "f.yaml",
                """
                experiment: x
                matrix:
                  - {protocol: [http1, grpc], nodes: [1, 2], clients: 2, opening: at-once}
                  - {protocol: http1, pods: 6, pooling: [dedicated, shared]}
                  - {protocol: grpc, cure: [none, round-robin]}
                  - {protocol: grpc, pods: 6, cure: [none, envoy-round-robin]}
                  - {protocol: http1, pods: 6, events: [{at: 1s, kill-pod: 1}]}
                  - {protocol: http1, pods: 6, phases: {idle: 3s}}
                  - {protocol: http1, pods: 6, syn-retries: 3}
                  - {protocol: http2, client: library}
                  - {protocol: http2, pods: 6, client: loop, events: [{at: 1s, kill-pod: 1}]}
                """)
            .blocks();
    assertThat(blocks)
        .extracting(b -> b.stream().map(Cell::client).distinct().toList())
        .containsExactly(
            List.of(ClientKind.LOOP),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LIBRARY),
            List.of(ClientKind.LOOP));
    assertThat(blocks.get(1)).allMatch(c -> c.settings().equals(AxisValues.NONE));
    // a title says it where it is not what a cell by itself would have
    assertThat(blocks)
        .extracting(b -> b.getFirst().title().replaceFirst(".*?, (.*?), 100 con.*", "$1"))
        .containsExactly(
            "http1",
            "http1",
            "grpc",
            "grpc",
            "http1",
            "http1",
            "http1",
            "http2, by libraries",
            "http2, by loop");
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
    assertThat(second.events())
        .extracting(Event::text)
        .containsExactly("add-endpoints=2@1000ms", "remove-endpoints=3@2000ms");
    assertThat(second.everPods(4)).isEqualTo(6);
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
          - {data-plane: iptables, events: [{at: 1s, delete-endpoints: 1}]}
        """;
    Experiment kind = ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.KIND));
    assertThat(kind.possible())
        .extracting(c -> c.variant().text())
        .containsExactly("iptables", "direct", "ipvs-rr", "iptables");
    assertThat(kind.possible().getLast().nodes()).isEqualTo(2);
    assertThat(kind.cells()).as("the others are left out where cells are placed").hasSize(6);
    Experiment loopback = ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.LOOPBACK));
    assertThat(loopback.possible()).extracting(c -> c.variant().text()).containsExactly("direct");
    assertThatThrownBy(
            () -> ExperimentReader.parse("f.yaml", text.replace("testbed: auto", "testbed: kind")))
        .hasMessageContaining("f.yaml:5: matrix.ipvs-scheduler: found 'lc' on testbed kind")
        .hasMessageContaining("netns, uml or auto");
    assertThatThrownBy(() ->
            ExperimentReader.parse(
                "f.yaml",
                "experiment: x\nmatrix:\n  - {data-plane: nftables}\n",
                Optional.of(TestbedKind.LOOPBACK)))
        .hasMessage(
            "f.yaml:3: matrix: found no cell that can run on testbed loopback (data-plane nftables cannot be on"
                + " testbed loopback; allowed: direct there, for loopback has no rules; or testbed: netns);"
                + " allowed: another testbed for these");
  }

  @Test
  void clientsShareConnectionsWithoutLoss() {
    Cell cell =
        ExperimentReader.parse("f.yaml", ExperimentRefusalsTest.GOOD)
            .cells()
            .getFirst()
            .with(Axes.CONNECTIONS, 10)
            .with(Axes.CLIENTS, 4);
    assertThat(
            cell.connectionsOf(0)
                + cell.connectionsOf(1)
                + cell.connectionsOf(2)
                + cell.connectionsOf(3))
        .isEqualTo(10);
  }

  @Test
  void onAClusterInsteadEventsAreSeenWholeAndRulesFollowWhenKubeProxySaysSo() {
    String text =
        """
        experiment: x
        testbed: netns
        phases: {measure: 5s}
        matrix:
          - {pods: 4, events: [{at: 1s, rolling-update: exit, rules-after: 300ms, pre-stop: 2s, grace: 3s}]}
          - {pods: 4, events: [{at: 1s, power-off: 1, rules-after: 1s}]}
          - {pods: 4, events: [{at: 1s, add-endpoints: 1}]}
          - {pods: 4, events: [{at: 1s, delete-endpoints: 1}]}
        """;
    Experiment kind = ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.KIND));
    assertThat(kind.possible())
        .extracting(c -> Event.text(c.course().events()))
        .containsExactly(
            "rolling-update=exit,max-surge=1,max-unavailable=0,ready-after=500ms,rules-after=1000ms,pre-stop=2000ms,grace=3000ms@1000ms",
            "power-off=1,rules-after=never@1000ms",
            "add-endpoints=1@1000ms");
    assertThat(kind.possible())
        .extracting(c -> c.course().phases().measure().toMillis())
        .containsExactly(1000L + 4 * 7_000 + 2000 + 2500, 5000L, 1000L + 3000 + 2500);
  }

  /** What {@code scripts/run-all.sh --testbed kind} runs, as {@code plan} has it. */
  @Test
  void theDefaultOnKindTakesTwelveMinutesAtMost() {
    Experiment kind =
        ExperimentReader.parse(
            "f.yaml",
            BundledExperiments.byName("default-on-kind").source(),
            Optional.of(TestbedKind.KIND));
    assertThat(kind.expectedDuration()).isLessThan(Duration.ofMinutes(12));
  }

  /** Whether or not its testbed is named once more, its events are watched as long as they take. */
  @Test
  void eventsOnKindAreSeenWholeAsTheyStand() {
    String text = BundledExperiments.byName("events-on-kind").source();
    assertThat(ExperimentReader.parse("f.yaml", text).cells())
        .isEqualTo(ExperimentReader.parse("f.yaml", text, Optional.of(TestbedKind.KIND)).cells());
  }
}
