package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EventKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Events on a real cluster, all in one run of one cluster; needs what {@link KindTest} needs. */
@Tag("kind")
@TestInstance(Lifecycle.PER_CLASS)
class KindEventsTest {
  private static final String EXPERIMENT =
      """
      experiment: events
      repetitions: 1
      phases: {warmup: 300ms, measure: 30s, drain: 2s}
      matrix:
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, rate: 50, protocol: http1,
           events: [{at: 1s, scale: 4, pre-stop: 1s}, {at: 12s, kill-pod: 1}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, rate: 50, protocol: grpc,
           events: [{at: 1s, rolling-update: goodbye, max-surge: 3, pre-stop: 2s, grace: 9s}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, rate: 50, protocol: websocket,
           phases: {measure: 45s}, events: [{at: 1s, restart-proxy: 1s}, {at: 15s, change-mode: nftables}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, rate: 50, protocol: http1,
           phases: {measure: 5s},
           events: [{at: 1s, pause: 1, for: 500ms}, {at: 2s, slow-pod: 1, delay: 20ms}, {at: 3s, power-off: 1}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, rate: 50, protocol: grpc, cure: round-robin,
           phases: {measure: 15s}, events: [{at: 1s, scale: 4}]}
      """;

  @TempDir private static Path scratch;
  private RunFolder folder;
  private CellId cured;
  private List<EventRow> events;
  private List<EventRow> ofCured;
  private List<SummaryRow> summaries;
  private List<ConnectionRow> ledger;

  @BeforeAll
  void runOnce() throws Exception {
    Path file = scratch.resolve("events.yaml");
    Files.writeString(file, EXPERIMENT);
    CommandProcess run =
        CommandProcess.start(
            Map.of(),
            "run",
            file.toString(),
            "--results",
            scratch.resolve("results").toString(),
            "--testbed",
            "kind",
            "--keep",
            "--no-report");
    String output = run.end();
    assertThat(run.code()).as(output).isZero();
    folder =
        output
            .lines()
            .filter(l -> l.startsWith("folder: "))
            .map(l -> new RunFolder(Path.of(l.replaceFirst("folder: +", ""))))
            .findFirst()
            .orElseThrow();
    cured =
        folder.rows(Tables.CELLS).stream()
            .filter(c -> !c.toCell().cure().equals(Cure.NONE))
            .map(CellRow::cellId)
            .findFirst()
            .orElseThrow();
    List<EventRow> all = folder.rows(Tables.EVENTS);
    events = all.stream().filter(e -> !e.at().cellId().equals(cured)).toList();
    ofCured = all.stream().filter(e -> e.at().cellId().equals(cured)).toList();
    summaries = folder.rows(Tables.SUMMARY);
    ledger = folder.rows(Tables.CONNECTIONS);
  }

  /** The run was told to keep its cluster. */
  @AfterAll
  void deleteCluster() throws Exception {
    assertThat(CommandProcess.start(Map.of(), "testbed", "down").end())
        .contains("which a run was told to keep");
    assertThat(CommandProcess.start(Map.of(), "testbed", "down").end())
        .doesNotContain("which a run was told to keep");
  }

  private List<EventStep> steps(EventKind kind) {
    return events.stream().filter(e -> e.event() == kind).map(EventRow::step).toList();
  }

  private Set<String> podsOf(EventKind kind, EventStep step) {
    return events.stream()
        .filter(e -> e.event() == kind && e.step() == step)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toSet());
  }

  private SummaryRow summary(EventKind kind) {
    CellId cell =
        events.stream().filter(e -> e.event() == kind).findFirst().orElseThrow().at().cellId();
    return summaries.stream().filter(s -> s.at().cellId().equals(cell)).findFirst().orElseThrow();
  }

  private List<ConnectionRow> connections(EventKind kind) {
    CellId cell = summary(kind).at().cellId();
    return ledger.stream().filter(c -> c.at().cellId().equals(cell)).toList();
  }

  @Test
  void allIsAccountedForAndTheWitnessesAgree() {
    assertThat(summaries)
        .hasSize(5)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).isTrue();
          assertThat(s.marks()).doesNotContain(Mark.NOT_ADDING_UP);
        });
  }

  @Test
  void podsComeAndAreKilledStepByStep() {
    assertThat(steps(EventKind.SCALE)).containsExactlyInAnyOrder(EventStep.MADE, EventStep.JOINED);
    assertThat(steps(EventKind.KILL_POD))
        .containsExactlyInAnyOrder(
            EventStep.KILLED, EventStep.LEFT, EventStep.MADE, EventStep.JOINED);
    Set<String> killed = podsOf(EventKind.KILL_POD, EventStep.KILLED);
    assertThat(killed).hasSize(1);
    SummaryRow summary = summary(EventKind.KILL_POD);
    assertThat(summary.marks()).contains(Mark.POD_LOST);
    List<ConnectionRow> connections = connections(EventKind.KILL_POD);
    assertThat(connections).anyMatch(c -> c.pod().filter(killed::contains).isPresent());
    assertThat(summary.crossCheck().rowsCount())
        .as("all connections but those of the killed pod")
        .isEqualTo(
            connections.stream().filter(c -> c.pod().filter(killed::contains).isEmpty()).count());
  }

  @Test
  void aRollingUpdateReplacesAllPodsAndThoseThatEndSayWhatTheyCounted() {
    EventKind rolling = EventKind.ROLLING_UPDATE;
    assertThat(steps(rolling))
        .containsOnly(
            EventStep.MADE, EventStep.JOINED, EventStep.LEFT, EventStep.TOLD, EventStep.ENDED)
        .hasSize(3 * 5);
    assertThat(podsOf(rolling, EventStep.MADE))
        .hasSize(3)
        .isEqualTo(podsOf(rolling, EventStep.JOINED))
        .doesNotContainAnyElementsOf(podsOf(rolling, EventStep.ENDED));
    assertThat(connections(rolling))
        .anySatisfy(c -> assertThat(c.death()).isEqualTo(Death.GOODBYE));
  }

  @Test
  void kubeProxyMayBeAwayAndChangeItsModeAndNoConnectionNotices() {
    assertThat(steps(EventKind.RESTART_PROXY))
        .containsExactly(EventStep.PROXY_ENDED, EventStep.RULES_WRITTEN);
    assertThat(steps(EventKind.CHANGE_MODE))
        .containsExactlyInAnyOrder(EventStep.RULES_WRITTEN, EventStep.RULES_REMOVED);
    assertThat(connections(EventKind.CHANGE_MODE)).hasSize(30);
    assertThat(summary(EventKind.CHANGE_MODE).requests().failedCount()).isZero();
  }

  @Test
  void whatUpsetsPodsIsOverWithItsRepetition() {
    assertThat(steps(EventKind.PAUSE)).containsExactly(EventStep.PAUSED);
    assertThat(steps(EventKind.SLOW_POD)).containsExactly(EventStep.SLOWED);
    assertThat(steps(EventKind.POWER_OFF)).containsExactly(EventStep.SILENCED);
    assertThat(summary(EventKind.POWER_OFF).requests().unansweredCount()).isPositive();
  }

  /** A watch of EndpointSlices tells clients of pods that come. */
  @Test
  void balancedByTheClientANewPodHasItsShare() {
    Set<String> joined =
        ofCured.stream()
            .filter(e -> e.step() == EventStep.JOINED)
            .flatMap(e -> e.pods().stream())
            .collect(Collectors.toSet());
    assertThat(joined).hasSize(1);
    double joinedMs =
        ofCured.stream()
            .filter(e -> e.step() == EventStep.JOINED)
            .mapToDouble(EventRow::doneMs)
            .findFirst()
            .orElseThrow();
    assertThat(ledger)
        .filteredOn(c -> c.at().cellId().equals(cured))
        .filteredOn(c -> c.pod().filter(joined::contains).isPresent())
        .as("each of 30 clients connects to it, told by the API and not by rules")
        .hasSize(30)
        .allSatisfy(c -> assertThat(c.requestsCount()).isPositive())
        .anySatisfy(c -> assertThat(c.begunMs()).isLessThan(joinedMs + 5000));
  }
}
