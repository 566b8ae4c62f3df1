package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.Privileged;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.record.Death;
import dev.conntrail.record.Metric;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RepetitionFolder;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.Setting;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      phases: {warmup: 200ms, measure: 500ms, drain: 20s}
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
      phases: {warmup: 0s, measure: 300ms, drain: 20s}
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
    ExperimentRun.Ended ended =
        Runs.run(results, ALL.replace("protocol: [", "client: library\n    protocol: ["), "");
    RunFolder folder = ended.folder();
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    RunCells cells = RunCells.of(folder);
    List<SummaryRow> summaries = Runs.summaries(ended);
    assertThat(summaries)
        .hasSize(4 * 6)
        .allSatisfy(s -> {
          Cell cell = cells.of(s.at());
          assertThat(s.crossCheck().outcome()).as(cell.key()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).as(cell.key()).isTrue();
          assertThat(s.requests().failedCount()).as(cell.key()).isZero();
          assertThat(s.connections().straysCount()).as(cell.key()).isZero();
          assertThat(s.requests().answeredCount()).as(cell.key()).isEqualTo(100);
          assertThat(s.connections().openedCount())
              .as(cell.key())
              .isEqualTo(cell.protocol().longLived() ? 40 : 140);
        });
    assertThat(folder.rows(Tables.DISAGREEMENTS)).isEmpty();
    connectionsAndRules(folder, cells);
    everyRepetition(folder, cells, summaries);
    directIsEven(cells, ended);
    Manifest manifest = Json.read(folder.manifest(), Manifest.class);
    assertThat(manifest.rules())
        .extracting(Manifest.Rules::dataPlane, Manifest.Rules::backend, Manifest.Rules::pods)
        .containsOnly(
            tuple(DataPlane.IPTABLES, Optional.of(IptablesBackend.NFT), 5),
            tuple(DataPlane.IPTABLES, Optional.of(IptablesBackend.LEGACY), 5),
            tuple(DataPlane.NFTABLES, Optional.empty(), 5));
    assertThat(manifest.cellOrder()).hasSize(1);
    assertThat(TestbedRegistry.all()).noneMatch(e -> e.run().equals(manifest.run()));
    assertThat(Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT).lines())
        .noneMatch(l -> l.startsWith(manifest.run()));
    assertThat(results).isDirectoryNotContaining(p -> p.toString().endsWith(RunFolder.PARTIAL));
  }

  private static void connectionsAndRules(RunFolder folder, RunCells cells) throws IOException {
    for (ConnectionRow c : folder.rows(Tables.CONNECTIONS)) {
      if (cells.of(c.at()).dataPlane() != DataPlane.DIRECT) {
        assertThat(c.remoteAddress()).isEqualTo(ServiceRules.IP);
      }
      assertThat(c.pod().orElseThrow()).startsWith("pod-");
      assertThat(c.podIndex()).hasValue(Integer.parseInt(c.pod().get().substring(4)));
      assertThat(c.death()).isIn(Death.CLIENT, Death.PEER_FIN);
    }
    assertThat(folder.rows(Tables.INSTALLS))
        .extracting(InstallRow::dataPlane, InstallRow::iptablesBackend)
        .containsOnly(
            tuple(DataPlane.IPTABLES, Optional.of(IptablesBackend.NFT)),
            tuple(DataPlane.IPTABLES, Optional.of(IptablesBackend.LEGACY)),
            tuple(DataPlane.NFTABLES, Optional.empty()),
            tuple(DataPlane.DIRECT, Optional.empty()));
  }

  private static void everyRepetition(RunFolder folder, RunCells cells, List<SummaryRow> summaries)
      throws IOException {
    for (SummaryRow s : summaries) {
      RepetitionFolder files = folder.repetition(s.at().cellId(), s.at().repetition());
      assertThat(Latencies.merged(List.of(files.latency())).get(Metric.RESPONSE).getTotalCount())
          .isEqualTo(100);
      assertThat(files.conntrack()).isNotEmptyFile();
      assertThat(Files.exists(files.rules()))
          .isEqualTo(cells.of(s.at()).dataPlane() != DataPlane.DIRECT);
    }
  }

  private static void directIsEven(RunCells cells, ExperimentRun.Ended ended) throws IOException {
    assertThat(Runs.verdicts(ended))
        .filteredOn(v -> {
          Cell cell = cells.byId().get(v.cellId());
          return cell.dataPlane() == DataPlane.DIRECT && cell.protocol().longLived();
        })
        .hasSize(5)
        .allSatisfy(v -> {
          assertThat(v.maxOverMean()).isEqualTo(1);
          assertThat(v.verdict()).isEqualTo(Verdict.BY_DESIGN);
          assertThat(v.departure()).isEmpty();
        });
  }

  /**
   * The event loop records all that the libraries do: every witness agrees, in every protocol. That
   * each data plane takes each protocol is shown with the libraries.
   */
  @Test
  void theEventLoopThroughServices() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: loop
            testbed: netns
            phases: {warmup: 200ms, measure: 500ms, drain: 20s}
            matrix:
              - data-plane: nftables
                protocol: [http1, http2, grpc, grpc-stream, websocket, short-lived]
                connections: 40
                pods: 5
                clients: 2
                rate: 200
              - data-plane: [iptables, direct]
                iptables-backend: [nft, legacy]
                protocol: [http1, short-lived]
                connections: 40
                pods: 5
                clients: 2
                rate: 200
            """,
            "");
    assertThat(ended.failures()).isEmpty();
    RunCells cells = RunCells.of(ended.folder());
    assertThat(Runs.summaries(ended))
        .hasSize(6 + 3 * 2)
        .allSatisfy(s -> {
          Cell cell = cells.of(s.at());
          assertThat(cell.client()).isEqualTo(ClientKind.LOOP);
          assertThat(cell.key()).contains(" client=loop ");
          assertThat(s.crossCheck().outcome()).as(cell.key()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).as(cell.key()).isTrue();
          assertThat(s.requests().failedCount()).as(cell.key()).isZero();
          assertThat(s.requests().answeredCount()).as(cell.key()).isEqualTo(100);
          assertThat(s.connections().openedCount())
              .as(cell.key())
              .isEqualTo(cell.protocol().longLived() ? 40 : 140);
        });
    assertThat(ended.folder().rows(Tables.DISAGREEMENTS)).isEmpty();
    connectionsAndRules(ended.folder(), cells);
    everyRepetition(ended.folder(), cells, Runs.summaries(ended));
  }

  /** Three nodes with rules of their own: every client reaches pods on all of them. */
  @Test
  void nodesEachHaveRulesAndPodsAreReachedAcross() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: nodes
            phases: {warmup: 100ms, measure: 500ms, drain: 20s}
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
          assertThat(s.crossCheck())
              .isEqualTo(new SummaryRow.CrossCheck(Agreement.AGREE, true, 90, 0));
          assertThat(s.requests().failedCount()).isZero();
        });
    assertThat(ended.folder().rows(Tables.INSTALLS))
        .hasSize(6 * 3)
        .extracting(InstallRow::node)
        .containsOnly(Optional.of("node-1"), Optional.of("node-2"), Optional.of("node-3"));
    List<ConnectionRow> ledger = ended.folder().rows(Tables.CONNECTIONS);
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
            phases: {warmup: 0s, measure: 2s, drain: 20s}
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
          assertThat(s.requests().failedCount()).isZero();
          assertThat(s.connections()).isEqualTo(new SummaryRow.Connections(100, 0));
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).isTrue();
        });
    List<EffectRow> effects = ended.folder().rows(Tables.EFFECTS);
    assertThat(effects).hasSize(6);
    assertThat(effects)
        .filteredOn(e -> e.cause().equals(Cause.of(EventKind.REMOVE_ENDPOINTS)))
        .hasSize(3)
        .allSatisfy(e -> {
          assertThat(e.open().count()).isPositive();
          assertThat(e.leaving().count()).isPositive();
          assertThat(e.open().keptCount()).isEqualTo(e.open().count());
          assertThat(e.leaving().keptCount()).isEqualTo(e.leaving().count());
          assertThat(e.opened().count()).as("until the next event").isBetween(20L, 40L);
          assertThat(e.opened().toRemovedCount()).isZero();
        });
    assertThat(effects)
        .filteredOn(e -> e.cause().equals(Cause.of(EventKind.ADD_ENDPOINTS)))
        .hasSize(3)
        .allSatisfy(e -> assertThat(e.opened().toAddedCount()).isPositive());
    nobodyComesToPodsThatLeft(ended.folder());
    assertThat(ended.folder().rows(Tables.VERDICTS)).isEmpty();
  }

  /** From the removal to the addition. */
  private static void nobodyComesToPodsThatLeft(RunFolder folder) throws IOException {
    Map<At, Double> back = new HashMap<>();
    List<EventRow> changes = folder.rows(Tables.EVENTS);
    changes.stream().filter(EventRow::adds).forEach(c -> back.put(c.at(), c.begunMs()));
    for (EventRow gone : changes) {
      assertThat(gone.endpointsCount()).isEqualTo(gone.adds() ? 6 : 2);
      if (gone.event() == EventKind.REMOVE_ENDPOINTS) {
        assertThat(gone.pods()).containsExactly("pod-3", "pod-4");
        assertThat(folder.rows(Tables.CONNECTIONS))
            .filteredOn(c ->
                c.at().equals(gone.at())
                    && c.bornMs() > gone.doneMs() + 5
                    && c.bornMs() < back.get(gone.at()))
            .hasSizeGreaterThan(20)
            .extracting(ConnectionRow::pod)
            .containsOnly(Optional.of("pod-1"), Optional.of("pod-2"));
      }
    }
  }

  /** Settings hold for their cell alone. */
  @Test
  void anIdleConnectionThatIsForgottenIsDrawnAnew() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(
            results,
            """
            experiment: idle
            phases: {warmup: 200ms, idle: 3s, measure: 1s, drain: 20s}
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
    RunCells cells = RunCells.of(ended.folder());
    Map<Integer, EffectRow> effects =
        ended.folder().rows(Tables.EFFECTS).stream()
            .collect(
                Collectors.toMap(
                    e -> cells.of(e.at()).find(Setting.CONNTRACK_TCP_TIMEOUT).orElseThrow(),
                    e -> e));
    assertThat(effects).containsOnlyKeys(1, 60);
    assertThat(effects.get(60).open().keptCount()).isEqualTo(60);
    // a forgotten connection is drawn anew: one in four comes to its pod again, the others are
    // reset; fewer than 3 or more than 30 of 60 have a probability below 1e-4
    EffectRow forgotten = effects.get(1);
    assertThat(forgotten.open().keptCount()).isBetween(3L, 30L);
    assertThat(forgotten.open().resetCount()).isEqualTo(60 - forgotten.open().keptCount());
    assertThat(forgotten.noticeMaxMs()).isLessThan(4500);
  }

  /**
   * 0.2 for each of five pods, without the falling denominators: 0.2, 0.16, 0.128, 0.1024, and
   * 0.4096 for the last. That 300 draws of these look like fair ones has a probability below 1e-4.
   */
  @Test
  void aPlantedFaultIsCalledNotChance() throws IOException {
    ExperimentRun.Ended ended =
        Runs.run(results, FIVE_PODS, "probability 0\\.\\d+=>probability 0.2000000000");
    List<VerdictRow> verdicts = Runs.verdicts(ended);
    assertThat(verdicts)
        .hasSize(2)
        .allSatisfy(v -> {
          assertThat(v.observedCount()).isEqualTo(300);
          assertThat(v.verdict()).isEqualTo(Verdict.NOT_CHANCE);
          assertThat(v.departure()).hasValue(Departure.TOO_UNEVEN);
        });
    assertThat(Json.read(ended.folder().manifest(), Manifest.class).rulesEdit())
        .contains("0.2000000000");
  }

  /**
   * At a family error of 0.001 a run, two false alarms in twenty honest runs have a probability of
   * 0.0002. Rules are loaded anew for each repetition, so each is judged as a run by itself.
   */
  @Test
  void twentyHonestRunsAreCalledChance() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, "repetitions: 20\n" + FIVE_PODS, "");
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    int alarms = 0;
    for (int i = 1; i <= 20; i++) {
      List<VerdictRow> verdicts = ofOneRepetition(ended.folder(), i);
      assertThat(verdicts).hasSize(2).allMatch(v -> v.observedCount() == 300);
      alarms += verdicts.stream().allMatch(v -> v.verdict() == Verdict.CONSISTENT) ? 0 : 1;
    }
    assertThat(alarms).isLessThanOrEqualTo(1);
  }

  /** Verdicts on connections, as if the run had had no other repetition. */
  private List<VerdictRow> ofOneRepetition(RunFolder run, int repetition) throws IOException {
    RunFolder alone = new RunFolder(Files.createDirectory(results.resolve("of-" + repetition)));
    for (Path file : FileTrees.list(run.path())) {
      if (Files.isRegularFile(file)) {
        Files.copy(file, alone.path().resolve(file.getFileName()));
      }
    }
    alone.write(
        Tables.SUMMARY,
        run.rows(Tables.SUMMARY).stream().filter(s -> s.at().repetition() == repetition).toList());
    alone.write(
        Tables.DISTRIBUTION,
        run.rows(Tables.DISTRIBUTION).stream()
            .filter(d -> d.at().repetition() == repetition)
            .toList());
    return Verdicts.of(RunResults.read(alone)).rows().stream()
        .filter(v -> v.unit() == Unit.CONNECTIONS)
        .toList();
  }

  @Test
  void rulesThatTheKernelRefusesFailTheCellAndAreNamed() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, FIVE_PODS, "DNAT=>NONSENSE");
    assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ended.failures())
        .hasSize(2)
        .allSatisfy(f -> assertThat(f).contains("refused the rules"));
    try (var files = Files.walk(ended.folder().path())) {
      assertThat(files.filter(f -> f.getFileName().toString().equals("rep-01.FAIL")).count())
          .isEqualTo(2);
    }
  }
}
