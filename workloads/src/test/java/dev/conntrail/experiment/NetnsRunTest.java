package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Metric;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on the real kernel. */
@Privileged
class NetnsRunTest {
  private static final String ALL =
      """
      experiment: all
      testbed: netns
      seed: 1
      phases: {warmup: 200ms, measure: 500ms, drain: 2s}
      matrix:
        - data-plane: [iptables, nftables, direct]
          iptables-backend: [nft, legacy]
          protocol: [http1, http2, grpc, grpc-stream, websocket, short-lived]
          connections: 40
          pods: 5
          clients: 2
          rate: 200
      """;

  private static final String FIVE_PODS =
      """
      experiment: five
      testbed: netns
      phases: {warmup: 0s, measure: 300ms, drain: 2s}
      matrix:
        - data-plane: iptables
          iptables-backend: [nft, legacy]
          protocol: http1
          connections: 300
          pods: 5
          rate: 300
      """;

  @TempDir private Path results;

  @Test
  void allProtocolsThroughAllDataPlanes() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, ALL, "");
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.status()).isEqualTo("complete");
    List<Rows.Summary> summaries = Runs.summaries(ended);
    assertThat(summaries)
        .hasSize(4 * 6)
        .allSatisfy(s -> {
          assertThat(s.crossCheck()).as(s.cell()).isEqualTo("agree");
          assertThat(s.errorsCount()).as(s.cell()).isZero();
          assertThat(s.straysCount()).as(s.cell()).isZero();
          assertThat(s.requestsAnsweredCount()).as(s.cell()).isEqualTo(100);
          assertThat(s.connectionsOpenedCount())
              .as(s.cell())
              .isEqualTo(s.cell().contains("short-lived") ? 140 : 40);
        });
    assertThat(Csv.read(ended.folder().disagreements(), Rows.Disagreement.class)).isEmpty();
    for (Rows.Connection c : Csv.read(ended.folder().connections(), Rows.Connection.class)) {
      assertThat(c.remoteAddress())
          .isEqualTo(c.cell().contains("direct") ? c.remoteAddress() : LocalStage.SERVICE_IP);
      assertThat(c.pod()).startsWith("pod-");
      assertThat(c.death()).isIn("client-close", "peer-fin");
    }
    Set<String> backends =
        Csv.read(ended.folder().installs(), Rows.Install.class).stream()
            .map(i -> i.dataPlane() + " " + i.backend())
            .collect(Collectors.toSet());
    assertThat(backends)
        .containsExactlyInAnyOrder("iptables nft", "iptables legacy", "nftables NA", "direct NA");
    for (Rows.Summary s : summaries) {
      RunFolder.Repetition repetition = ended.folder().repetition(s.cell(), s.repetition());
      assertThat(
              Latencies.merged(List.of(repetition.latency())).get(Metric.RESPONSE).getTotalCount())
          .isEqualTo(100);
      assertThat(repetition.conntrack()).isNotEmptyFile();
      assertThat(Files.exists(repetition.rules())).isEqualTo(!s.cell().contains("direct"));
    }
    assertThat(Runs.verdicts(ended, Verdicts.CONNECTIONS))
        .filteredOn(v -> v.cell().contains("direct") && !v.cell().contains("short-lived"))
        .allSatisfy(v -> assertThat(v.maxOverMean()).isEqualTo(1));
    Manifest manifest = Json.read(ended.folder().manifest(), Manifest.class);
    assertThat(manifest.rulesSha256())
        .containsKeys("iptables nft 5 pods", "iptables legacy 5 pods", "nftables NA 5 pods");
    assertThat(manifest.cellOrder()).hasSize(1);
    assertThat(TestbedRegistry.all()).noneMatch(e -> e.run().equals(manifest.run()));
    assertThat(Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT))
        .doesNotContain(manifest.run());
    assertThat(results).isDirectoryNotContaining(p -> p.toString().endsWith(RunFolder.PARTIAL));
  }

  /** Three nodes with rules of their own: every client reaches pods on all of them. */
  @Test
  void nodesEachHaveRulesAndPodsAreReachedAcross() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: nodes
            phases: {warmup: 100ms, measure: 500ms, drain: 2s}
            matrix:
              - data-plane: [iptables, nftables]
                iptables-backend: [nft, legacy]
                protocol: [http1, grpc]
                connections: 90
                clients: 3
                nodes: 3
                pods: 6
                rate: 200
            """,
            "");
    assertThat(ended.failures()).isEmpty();
    assertThat(Runs.summaries(ended))
        .hasSize(6)
        .allSatisfy(s -> {
          assertThat(s.crossCheck()).as(s.cell()).isEqualTo("agree");
          assertThat(s.crossCheckRowsCount()).isEqualTo(90);
          assertThat(s.errorsCount()).isZero();
        });
    assertThat(Csv.read(ended.folder().installs(), Rows.Install.class))
        .hasSize(6 * 3)
        .extracting(Rows.Install::node)
        .containsOnly("node-1", "node-2", "node-3");
    List<Rows.Connection> ledger = Csv.read(ended.folder().connections(), Rows.Connection.class);
    assertThat(ledger.stream().map(c -> c.clientNode() + " " + c.node()).distinct()).hasSize(9);
  }

  /** An open connection stays; a new one goes where the rules now say. */
  @Test
  void changesMeetNewConnectionsOnly() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: changes
            phases: {warmup: 0s, measure: 2s, drain: 2s}
            matrix:
              - data-plane: [iptables, nftables]
                iptables-backend: [nft, legacy]
                protocol: http1
                opening: spread
                connections: 100
                pods: 4
                rate: 400
                events:
                  - {at: 700ms, remove-endpoints: 2}
                  - {at: 1400ms, add-endpoints: 4}
            """,
            "");
    assertThat(ended.failures()).isEmpty();
    assertThat(Runs.summaries(ended))
        .hasSize(3)
        .allSatisfy(s -> {
          assertThat(s.errorsCount()).as(s.cell()).isZero();
          assertThat(s.straysCount()).as(s.cell()).isZero();
          assertThat(s.connectionsOpenedCount()).as(s.cell()).isEqualTo(100);
          assertThat(s.crossCheck()).as(s.cell()).isEqualTo("agree");
        });
    List<Rows.Effect> effects = Csv.read(ended.folder().effects(), Rows.Effect.class);
    assertThat(effects).hasSize(6);
    assertThat(effects)
        .filteredOn(e -> e.cause().equals("remove-endpoints"))
        .allSatisfy(e -> {
          assertThat(e.openCount()).isPositive();
          assertThat(e.leavingCount()).isPositive();
          assertThat(e.keptCount()).isEqualTo(e.openCount());
          assertThat(e.leavingKeptCount()).isEqualTo(e.leavingCount());
          assertThat(e.newCount()).isGreaterThan(40);
        });
    // from the removal to the addition nobody comes to the pods that left
    Map<String, Double> back = new HashMap<>();
    List<Rows.Change> changes = Csv.read(ended.folder().changes(), Rows.Change.class);
    changes.stream()
        .filter(c -> c.change().equals("add-endpoints"))
        .forEach(c -> back.put(c.cell(), c.begunMs()));
    for (Rows.Change gone : changes) {
      assertThat(gone.endpointsCount()).isEqualTo(gone.change().startsWith("add") ? 6 : 2);
      if (gone.change().equals("remove-endpoints")) {
        assertThat(gone.pods()).isEqualTo("pod-3;pod-4");
        assertThat(Csv.read(ended.folder().connections(), Rows.Connection.class))
            .filteredOn(c ->
                c.cell().equals(gone.cell())
                    && c.bornMs() > gone.doneMs() + 5
                    && c.bornMs() < back.get(gone.cell()))
            .hasSizeGreaterThan(20)
            .extracting(Rows.Connection::pod)
            .containsOnly("pod-1", "pod-2");
      }
    }
    assertThat(effects)
        .filteredOn(e -> e.cause().equals("add-endpoints"))
        .allSatisfy(e -> assertThat(e.newToAddedCount()).isPositive());
    assertThat(Csv.read(ended.folder().verdicts(), Rows.Verdict.class)).isEmpty();
  }

  /** Settings hold for their cell alone. */
  @Test
  void anIdleConnectionThatIsForgottenIsDrawnAnew() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: idle
            phases: {warmup: 200ms, idle: 3s, measure: 1s, drain: 2s}
            matrix:
              - data-plane: iptables
                iptables-backend: legacy
                conntrack-tcp-timeout-established: [1s, 60s]
                protocol: http1
                connections: 60
                pods: 4
                rate: 120
            """,
            "");
    List<Rows.Effect> effects = Csv.read(ended.folder().effects(), Rows.Effect.class);
    assertThat(effects)
        .filteredOn(e -> e.cell().contains("=60s"))
        .singleElement()
        .satisfies(e -> assertThat(e.keptCount()).isEqualTo(60));
    // a forgotten connection is drawn anew: one in four comes to its pod again, the others are
    // reset; fewer than 3 or more than 30 of 60 have a probability below 1e-4
    assertThat(effects)
        .filteredOn(e -> e.cell().contains("=1s"))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.keptCount()).isBetween(3L, 30L);
          assertThat(e.resetCount()).isEqualTo(60 - e.keptCount());
          assertThat(e.noticeMaxMs()).isLessThan(4500);
        });
  }

  /**
   * 0.2 for each of five pods, without the falling denominators: 0.2, 0.16, 0.128, 0.1024, and
   * 0.4096 for the last.
   */
  @Test
  void aPlantedFaultIsCalledNotChance() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(results, FIVE_PODS, "probability 0\\.\\d+=>probability 0.2000000000");
    List<Rows.Verdict> verdicts = Runs.verdicts(ended, Verdicts.CONNECTIONS);
    assertThat(verdicts)
        .hasSize(2)
        .allSatisfy(v -> {
          assertThat(v.observedCount()).isEqualTo(300);
          assertThat(v.verdict()).isEqualTo(Verdicts.TOO_UNEVEN);
          assertThat(v.pAdjusted()).isLessThan(1e-6);
        });
    assertThat(Json.read(ended.folder().manifest(), Manifest.class).rulesEdit())
        .contains("0.2000000000");
  }

  /**
   * At a family error of 0.001 a run, two false alarms in twenty honest runs have a probability of
   * 0.0002.
   */
  @Test
  void twentyHonestRunsAreCalledChance() throws IOException {
    int alarms = 0;
    for (int i = 0; i < 20; i++) {
      ExperimentRun.Ended ended = Runs.run(results.resolve("honest-" + i), FIVE_PODS, "");
      assertThat(ended.status()).isEqualTo("complete");
      alarms +=
          Runs.verdicts(ended, Verdicts.CONNECTIONS).stream()
                  .anyMatch(v -> !v.verdict().equals(Verdicts.IS_CHANCE))
              ? 1
              : 0;
    }
    assertThat(alarms).isLessThanOrEqualTo(1);
  }

  @Test
  void rulesThatTheKernelRefusesFailTheCellAndAreNamed() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, FIVE_PODS, "DNAT=>NONSENSE");
    assertThat(ended.status()).isEqualTo("failed");
    assertThat(ended.failures())
        .hasSize(2)
        .allSatisfy(f -> assertThat(f).contains("refused the rules"));
    try (var files = Files.walk(ended.folder().path())) {
      assertThat(files.filter(f -> f.getFileName().toString().equals("rep-01.FAIL")).count())
          .isEqualTo(2);
    }
  }
}
