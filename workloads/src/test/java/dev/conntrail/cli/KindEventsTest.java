package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Table;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events on a real cluster, all in one run of one cluster; needs what {@link KindTest} needs. */
@Tag("kind")
@TestInstance(Lifecycle.PER_CLASS)
class KindEventsTest {
  private static final String EXPERIMENT =
      """
      experiment: events
      repetitions: 1
      phases: {warmup: 300ms, measure: 30s, drain: 10s}
      matrix:
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: http1,
           events: [{at: 1s, scale: 4, pre-stop: 1s}, {at: 12s, kill-pod: 1}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: grpc,
           events: [{at: 1s, rolling-update: goodbye, max-surge: 3, pre-stop: 2s, grace: 9s}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: websocket,
           phases: {measure: 45s}, events: [{at: 1s, restart-proxy: 1s}, {at: 15s, change-mode: nftables}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: http2,
           phases: {measure: 5s, drain: 2s},
           events: [{at: 1s, pause: 1, for: 500ms}, {at: 2s, slow-pod: 1, delay: 20ms}, {at: 3s, power-off: 1}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: grpc, cure: round-robin,
           phases: {measure: 15s}, events: [{at: 1s, scale: 4}]}
        - {data-plane: iptables, connections: 10, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: grpc,
           cure: "round-robin,learning=dns,ttl=1s+max-age=1s,jitter=grpc,by=server", phases: {measure: 15s}, events: [{at: 1s, scale: 4}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: grpc,
           cure: [envoy-least-request, haproxy-leastconn], phases: {measure: 12s}, events: [{at: 1s, scale: 4}]}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: http1, cure: "max-age=1s,by=server",
           phases: {measure: 3s}}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: http1,
           cure: ["haproxy-leastconn,proxies=3", "haproxy-leastconn,proxies=sidecars"], phases: {measure: 2s}}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: grpc-stream, cure: same-zone,
           phases: {measure: 2s}}
        - {data-plane: iptables, connections: 30, pods: 3, clients: 2, nodes: 2, rate: 50, protocol: short-lived,
           phases: {measure: 15s}, events: [{at: 1s, drain-node: 1, pre-stop: 1s}]}
        - {data-plane: iptables, connections: 30, pods: 2, clients: 2, nodes: 2, rate: 50, protocol: [http1, short-lived],
           phases: {measure: 11500ms}, events: [{at: 500ms, add-endpoints: 1}, {at: 6s, remove-endpoints: 2}]}
      """;

  @TempDir private static Path scratch;
  private RunFolder folder;
  private RunCells cells;
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
    cells = RunCells.of(folder);
    List<EventRow> all = folder.rows(Tables.EVENTS);
    events = all.stream().filter(e -> cure(e.at()).equals(Cure.NONE)).toList();
    ofCured = all.stream().filter(e -> !cure(e.at()).equals(Cure.NONE)).toList();
    summaries = folder.rows(Tables.SUMMARY);
    ledger = folder.rows(Tables.CONNECTIONS);
  }

  private Cure cure(At at) {
    return cells.of(at).cure();
  }

  /** The pods that joined in the cell of a cure, and when the last of their steps was over. */
  private List<EventRow> joined(String cure) {
    return ofCured.stream()
        .filter(e -> e.step() == EventStep.JOINED)
        .filter(e -> cure(e.at()).equals(Cure.parse(cure)))
        .toList();
  }

  private List<ConnectionRow> connections(String cure) {
    return ledger.stream().filter(c -> cure(c.at()).equals(Cure.parse(cure))).toList();
  }

  @Test
  void theRunsClusterIsGone() throws Exception {
    assertThat(CommandProcess.start(Map.of(), "testbed", "down").end())
        .doesNotContain("the kind cluster");
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
  void allIsAccountedForAndTheWitnessesAgree() throws IOException {
    assertThat(folder.rows(Tables.DISAGREEMENTS)).isEmpty();
    assertThat(summaries)
        .hasSize(15)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).isTrue();
          assertThat(s.marks()).doesNotContain(Mark.NOT_ADDING_UP);
        });
  }

  /** Connections of the cell of endpoints that join and leave. */
  private List<ConnectionRow> beside(Protocol protocol) {
    return ledger.stream()
        .filter(c -> cells.of(c.at()).protocol() == protocol)
        .filter(c ->
            cells.of(c.at()).course().events().stream()
                .anyMatch(e -> e.kind() == EventKind.ADD_ENDPOINTS))
        .toList();
  }

  private List<EventRow> steps(EventKind kind, Protocol protocol) {
    return events.stream()
        .filter(e -> e.event() == kind && cells.of(e.at()).protocol() == protocol)
        .toList();
  }

  /** Two of three pods are endpoints at first, then all, then the first alone; none is made. */
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SHORT_LIVED"})
  void endpointsJoinAndLeaveAndTheirPodsLiveOn(Protocol protocol) {
    List<EventRow> add = steps(EventKind.ADD_ENDPOINTS, protocol);
    List<EventRow> remove = steps(EventKind.REMOVE_ENDPOINTS, protocol);
    assertThat(add)
        .extracting(EventRow::step)
        .containsExactly(EventStep.API_CHANGED, EventStep.JOINED);
    assertThat(remove)
        .extracting(EventRow::step)
        .containsExactly(EventStep.API_CHANGED, EventStep.LEFT);
    EventRow joined = add.getLast();
    EventRow left = remove.getLast();
    assertThat(joined.pods()).hasSize(1);
    assertThat(joined.endpointsCount()).isEqualTo(3);
    assertThat(left.pods()).hasSize(2).containsAll(joined.pods());
    assertThat(left.endpointsCount()).isEqualTo(1);
    List<ConnectionRow> connections = beside(protocol);
    assertThat(connections)
        .as("pods that leave keep what they have, and none is made or ends")
        .isNotEmpty()
        .noneSatisfy(c -> assertThat(c.death().broken()).isTrue())
        .filteredOn(c -> c.begunMs() > left.doneMs())
        .noneSatisfy(c -> assertThat(left.pods()).contains(c.pod().orElseThrow()));
    List<ConnectionRow> toNew =
        connections.stream().filter(c -> joined.pods().contains(c.pod().orElseThrow())).toList();
    if (protocol == Protocol.HTTP1) {
      assertThat(toNew).as("all were open before, and go on").isEmpty();
      assertThat(connections)
          .hasSize(30)
          .allSatisfy(c -> assertThat(c.lastReplyMs()).isGreaterThan(left.doneMs()));
    } else {
      assertThat(toNew)
          .isNotEmpty()
          .allSatisfy(
              c -> assertThat(c.begunMs()).isBetween(add.getFirst().begunMs(), left.doneMs()));
    }
  }

  @Test
  void podsComeAndAreKilledStepByStep() {
    assertThat(steps(EventKind.SCALE))
        .as("the change in the API is the first of all")
        .startsWith(EventStep.API_CHANGED)
        .containsExactlyInAnyOrder(EventStep.API_CHANGED, EventStep.MADE, EventStep.JOINED);
    assertThat(steps(EventKind.KILL_POD))
        .containsExactlyInAnyOrder(
            EventStep.KILLED, EventStep.LEFT, EventStep.MADE, EventStep.JOINED);
    Set<String> killed = podsOf(EventKind.KILL_POD, EventStep.KILLED);
    assertThat(killed).hasSize(1);
    SummaryRow summary = summary(EventKind.KILL_POD);
    assertThat(summary.marks()).contains(Mark.POD_UNCOUNTED).doesNotContain(Mark.POD_LOST);
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
        .startsWith(EventStep.API_CHANGED)
        .containsOnly(
            EventStep.API_CHANGED,
            EventStep.MADE,
            EventStep.JOINED,
            EventStep.LEFT,
            EventStep.TOLD,
            EventStep.ENDED)
        .hasSize(1 + 3 * 5);
    assertThat(podsOf(rolling, EventStep.MADE))
        .hasSize(3)
        .isEqualTo(podsOf(rolling, EventStep.JOINED))
        .doesNotContainAnyElementsOf(podsOf(rolling, EventStep.ENDED));
    assertThat(connections(rolling))
        .anySatisfy(c -> assertThat(c.death()).isEqualTo(Death.GOODBYE));
  }

  @Test
  void aDrainedNodesPodsAreReplacedOnTheNodeThatIsLeft() {
    EventKind drain = EventKind.DRAIN_NODE;
    Set<String> evicted = podsOf(drain, EventStep.ENDED);
    Set<String> came = podsOf(drain, EventStep.JOINED);
    assertThat(evicted).isNotEmpty().hasSizeLessThan(3).hasSameSizeAs(came);
    assertThat(steps(drain)).startsWith(EventStep.API_CHANGED);
    assertThat(podsOf(drain, EventStep.LEFT)).isEqualTo(evicted);
    assertThat(nodesOf(drain, evicted)).hasSize(1);
    assertThat(nodesOf(drain, came))
        .as("each request has a connection of its own, so pods that come get some")
        .hasSize(1)
        .doesNotContainAnyElementsOf(nodesOf(drain, evicted));
  }

  /** The nodes of pods, as connections to them have it. */
  private Set<String> nodesOf(EventKind kind, Set<String> pods) {
    return connections(kind).stream()
        .filter(c -> c.pod().filter(pods::contains).isPresent())
        .flatMap(c -> c.node().stream())
        .collect(Collectors.toSet());
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
    EventRow joined = joined("round-robin").getFirst();
    assertThat(joined.pods()).hasSize(1);
    assertThat(connections("round-robin"))
        .filteredOn(c -> c.pod().filter(joined.pods()::contains).isPresent())
        .as("each of 30 clients connects to it, told by the API and not by rules")
        .hasSize(30)
        .allSatisfy(c -> assertThat(c.requestsCount()).isPositive())
        .anySatisfy(c -> assertThat(c.begunMs()).isLessThan(joined.doneMs() + 5000));
  }

  /** A server's goodbye has them ask CoreDNS again for the name of a headless Service. */
  @Test
  void overANameANewPodIsKnownWhenConnectionsHaveEnded() {
    String cure = "round-robin,learning=dns,ttl=1s+max-age=1s,jitter=grpc,by=server";
    EventRow joined = joined(cure).getFirst();
    assertThat(joined.pods()).hasSize(1);
    List<ConnectionRow> connections = connections(cure);
    assertThat(connections.stream().flatMap(c -> c.pod().stream()).distinct()).hasSize(4);
    assertThat(connections)
        .filteredOn(c -> c.pod().filter(joined.pods()::contains).isPresent())
        .hasSizeGreaterThanOrEqualTo(10)
        .anySatisfy(c -> assertThat(c.requestsCount()).isPositive());
  }

  /** It tells a proxy too, whose two legs the witnesses of the first test have compared. */
  @ParameterizedTest
  @ValueSource(strings = {"envoy-least-request", "haproxy-leastconn"})
  void balancedByAProxyANewPodHasItsShareAndBothLegsAreThere(String cure) throws Exception {
    EventRow joined = joined(cure).getFirst();
    assertThat(joined.pods()).hasSize(1);
    List<ConnectionRow> clients = connections(cure);
    assertThat(clients).hasSize(30);
    List<ProxiedRow> legs = rows(clients.getFirst(), Tables.PROXIED);
    assertThat(legs.stream().filter(r -> r.leg() == ProxyLeg.TO_PROXY).map(ProxiedRow::port))
        .containsExactlyInAnyOrderElementsOf(
            clients.stream().map(ConnectionRow::localPort).toList());
    List<ProxiedRow> toPods = legs.stream().filter(r -> r.leg() == ProxyLeg.TO_POD).toList();
    assertThat(toPods.stream().mapToLong(ProxiedRow::requestsCount).sum())
        .as("as many requests leave the proxy as come to it")
        .isEqualTo(clients.stream().mapToLong(ConnectionRow::requestsCount).sum());
    assertThat(toPods)
        .filteredOn(r -> r.pod().filter(joined.pods()::contains).isPresent())
        .as("the pod that came, which nobody knew when the proxy was started")
        .isNotEmpty()
        .anySatisfy(r -> assertThat(r.requestsCount()).isPositive());
  }

  private <T extends Record> List<T> rows(ConnectionRow of, Table<T> table) throws Exception {
    return folder.repetition(of.at().cellId(), of.at().repetition()).rows(table);
  }

  /** Each connection draws its proxy, as their own counters say too. */
  @Test
  void aPoolOfProxiesIsBehindAServiceOfItsOwn() throws Exception {
    List<ConnectionRow> clients = connections("haproxy-leastconn,proxies=3");
    Map<String, Long> drawn =
        rows(clients.getFirst(), Tables.PROXIED).stream()
            .filter(r -> r.leg() == ProxyLeg.TO_PROXY)
            .collect(Collectors.groupingBy(ProxiedRow::proxy, Collectors.counting()));
    assertThat(drawn).hasSizeGreaterThan(1);
    assertThat(drawn.values().stream().mapToLong(n -> n).sum()).isEqualTo(30);
    assertThat(
            rows(clients.getFirst(), Tables.COUNTERS).stream()
                .filter(c -> List.of("proxy-1", "proxy-2", "proxy-3").contains(c.source()))
                .filter(c -> c.counter().equals("connections_count") && c.value() > 0)
                .collect(Collectors.toMap(CounterRow::source, c -> Math.round(c.value()))))
        .isEqualTo(drawn);
  }

  /** It is in its client's pod, and its CPU time is told from the client's. */
  @Test
  void aSidecarIsItsClientsOwn() throws Exception {
    List<ConnectionRow> clients = connections("haproxy-leastconn,proxies=sidecars");
    assertThat(clients).hasSize(30);
    assertThat(rows(clients.getFirst(), Tables.PROXIED))
        .filteredOn(r -> r.leg() == ProxyLeg.TO_PROXY)
        .extracting(r -> r.proxy() + " " + r.address())
        .containsExactlyInAnyOrderElementsOf(
            clients.stream()
                .map(c -> "sidecar-of-" + c.client() + " " + c.localAddress())
                .toList());
    assertThat(rows(clients.getFirst(), Tables.PROCESSES).stream())
        .filteredOn(p -> p.role() == ProcessRole.PROXY)
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.cpuNs()).isPositive());
  }

  /** Each node is a zone, whose hints of endpoints kube-proxy keeps to. */
  @Test
  void aServiceThatPrefersZonesKeepsConnectionsInThem() {
    List<ConnectionRow> near = connections("same-zone");
    assertThat(near).hasSize(30).allSatisfy(c -> assertThat(c.node()).isEqualTo(c.clientNode()));
    assertThat(near.stream().map(ConnectionRow::node).distinct()).hasSize(2);
  }

  @Test
  void podsGiveConnectionsUpWhenTheyAreToldTo() {
    assertThat(connections("max-age=1s,by=server"))
        .hasSizeGreaterThan(30)
        .filteredOn(c -> c.death() == Death.GOODBYE)
        .hasSizeGreaterThanOrEqualTo(30);
    assertThat(connections(EventKind.KILL_POD))
        .as("told by an order that is taken back")
        .noneSatisfy(c -> assertThat(c.death()).isEqualTo(Death.GOODBYE));
  }
}
