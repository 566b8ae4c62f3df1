package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.record.Death;
import dev.conntrail.report.Report;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law of each ipvs scheduler, on the wire, in a real kernel: one guest runs all cells, and each
 * test reads what it needs. They need no root, but the packages that scripts/test.sh installs.
 */
@Privileged
class IpvsLawsTest {
  private static final String YAML =
      """
      experiment: laws
      testbed: uml
      # whoever is late on a busy machine is waited for; where some are never answered a second is enough
      phases: {warmup: 0s, measure: 1500ms, drain: 10s}
      matrix:
        # one after the other, so that the ledger has the order of the turns
        - {data-plane: ipvs, ipvs-scheduler: [rr, wrr, lc, wlc, sh, dh, mh, sed, nq], protocol: http1, opening: spread, connections: 12,
           clients: 3, pods: 4, rate: 60}
        - {data-plane: ipvs, ipvs-scheduler: [rr, lc], protocol: http1, opening: spread, connections: 40, pods: 4, rate: 100,
           phases: {measure: 6s}, events: [{at: 3s, add-endpoints: 4}]}
        - {data-plane: [iptables, ipvs], iptables-backend: legacy, ipvs-scheduler: [rr, mh], protocol: short-lived, connections: 10, pods: 4,
           local-ports: 150, rate: 100, phases: {measure: 4s, drain: 3s}, events: [{at: 2s, delete-endpoints: 1}]}
        # fewer ports than requests in the two seconds before and in the four after, so that ports are used again on a busy machine too
        - {data-plane: ipvs, conn-reuse-mode: [0, 1], protocol: short-lived, connections: 10, pods: 4, local-ports: 100, rate: 100,
           phases: {measure: 6s, drain: 3s}, events: [{at: 2s, remove-endpoints: 1}]}
        - {data-plane: ipvs, conn-reuse-mode: 0, expire-nodest-conn: 0, protocol: short-lived, connections: 10, pods: 4, local-ports: 100,
           rate: 100, phases: {measure: 6s, drain: 3s}, events: [{at: 2s, remove-endpoints: 1}]}
        # mh hashes ports, so that of as many as are open by then one is on the pod that leaves; and long afterwards some still send
        - {data-plane: ipvs, ipvs-scheduler: [sh, mh], protocol: http1, opening: spread, connections: 60, clients: 3, pods: 4, rate: 180,
           phases: {measure: 10s, drain: 1s}, events: [{at: 4s, remove-endpoints: 1}]}
        - {data-plane: ipvs, protocol: http1, connections: 12, pods: 4, rate: 60, phases: {measure: 4s},
           events: [{at: 500ms, remove-endpoints: 1}]}
        - {data-plane: ipvs, expire-nodest-conn: [0, 1], protocol: http1, connections: 12, pods: 4, rate: 120, phases: {measure: 3s, drain: 1s},
           events: [{at: 500ms, delete-endpoints: 1}]}
        - {data-plane: ipvs, ipvs-tcp-timeout: 2s, protocol: http1, connections: 8, pods: 4, rate: 80,
           phases: {warmup: 300ms, idle: 4s, measure: 1s}}
        - {data-plane: ipvs, ipvs-tcp-timeout: 2s, protocol: http1, keep-alive: tcp, connections: 8, pods: 4, rate: 80,
           phases: {warmup: 300ms, idle: 4s, measure: 1s}}
        - {data-plane: ipvs, ipvs-tcp-timeout: 2s, protocol: http2, keep-alive: ping, connections: 8, pods: 4, rate: 80,
           phases: {warmup: 300ms, idle: 4s, measure: 1s}}
        - {data-plane: ipvs, conntrack-max: 30, syn-retries: 1, protocol: http1, opening: spread,
           connections: 40, pods: 4, rate: 100, phases: {measure: 2s, drain: 4s}}
        - {data-plane: ipvs, protocol: http1, opening: spread, connections: 30, pods: 4, rate: 60, phases: {measure: 6s},
           events: [{at: 800ms, change-mode: iptables}, {at: 3s, change-mode: ipvs}]}
        - {data-plane: [iptables, ipvs], iptables-backend: legacy, protocol: http1, connections: 9, clients: 3, nodes: 3, pods: 8, rate: 60}
        - {data-plane: ipvs, protocol: http1, cure: ["session-affinity+max-requests=5", same-zone],
           connections: 18, clients: 3, nodes: 3, pods: 7, rate: 180}
      """;

  /** Endpoints are sorted, so pod-1 is the first: weight 3 where the scheduler knows weights. */
  private static final String WEIGHTS =
      "(-s (?:wrr|wlc|sed|nq)\\n-a \\S+ \\S+ -r 10\\.244\\.1\\.1:8080 -m -w) 1=>$1 3";

  @TempDir private static Path folder;
  private static RunFolder run;
  private static RunResults results;

  @BeforeAll
  static void runAll() throws Exception {
    Path spec = Files.writeString(folder.resolve("laws.yaml"), YAML);
    CommandProcess process =
        CommandProcess.start(
            Map.of(),
            "run",
            spec.toString(),
            "--edit-rules",
            WEIGHTS,
            "--results",
            folder.resolve("results").toString(),
            "--no-report");
    String said = process.end();
    assertThat(process.code()).as(said).isZero();
    try (Stream<Path> all = Files.list(folder.resolve("results"))) {
      run = new RunFolder(all.filter(Files::isDirectory).findFirst().orElseThrow());
    }
    results = RunResults.read(run);
    assertThat(results.lacks()).isEmpty();
  }

  /** The one cell that is so. */
  private static CellResults cell(Predicate<Cell> which) {
    List<CellResults> found = results.cells().stream().filter(c -> which.test(c.cell())).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static Predicate<Cell> scheduler(IpvsScheduler scheduler) {
    return c -> c.dataPlane() == DataPlane.IPVS && c.scheduler() == scheduler;
  }

  private static Predicate<Cell> connections(int count) {
    return c -> c.connections() == count;
  }

  private static Predicate<Cell> set(Setting setting, int number) {
    return c -> c.find(setting).equals(Optional.of(number));
  }

  private static Predicate<Cell> unset(Setting setting) {
    return c -> c.find(setting).isEmpty();
  }

  private static Predicate<Cell> changed(EventKind... kinds) {
    return c -> c.course().events().stream().map(Event::kind).toList().equals(List.of(kinds));
  }

  /** A cell's ledger, in order of birth. */
  private static List<ConnectionRow> ledger(CellResults cell) {
    return results.connections().stream()
        .filter(c -> c.at().cellId().equals(cell.id()))
        .sorted(Comparator.comparingDouble(ConnectionRow::bornMs))
        .toList();
  }

  /** The first block, whose cells nothing disturbs. */
  private static CellResults plain(IpvsScheduler scheduler) {
    return cell(
        scheduler(scheduler).and(connections(12)).and(c -> c.clients() == 3 && c.nodes() == 1));
  }

  private static List<String> pods(List<ConnectionRow> connections) {
    return connections.stream().map(c -> c.pod().orElseThrow()).toList();
  }

  private static Map<String, Integer> counts(List<ConnectionRow> connections) {
    Map<String, Integer> counts = new TreeMap<>();
    pods(connections).forEach(pod -> counts.merge(pod, 1, Integer::sum));
    return counts;
  }

  private static EffectRow effect(Cause cause, CellResults cell) {
    RepetitionResults only = cell.repetitions().getFirst();
    return only.effects().stream().filter(e -> e.cause().equals(cause)).findFirst().orElseThrow();
  }

  private static EffectRow effect(EventKind cause, Predicate<Cell> which) {
    return effect(Cause.of(cause), cell(which.and(changed(cause))));
  }

  @Test
  void theWitnessesAgreeWhereTheKernelIsOne() {
    assertThat(results.disagreements()).isEmpty();
    assertThat(results.measured().stream().flatMap(c -> c.repetitions().stream()))
        .hasSize(9 + 2 + 3 + 2 + 1 + 2 + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 2 + 2)
        .allSatisfy(r -> assertThat(r.summary().crossCheck().disagreementsCount()).isZero());
  }

  /** Each request that was due has an outcome, and each connection an end or is open. */
  @Test
  void nothingIsLostFromSight() {
    assertThat(results.measured().stream().flatMap(c -> c.repetitions().stream()))
        .allSatisfy(r -> assertThat(r.summary().marks()).doesNotContain(Mark.NOT_ADDING_UP));
    for (CellResults cell : results.measured()) {
      assertThat(ledger(cell))
          .as(cell.title())
          .hasSize(Math.toIntExact(cell.sum(s -> s.connections().openedCount())))
          .allMatch(c -> (c.death() == Death.OPEN) == Double.isNaN(c.livedMs()));
    }
  }

  private static List<CellResults> cured(String cure) {
    return results.cells().stream().filter(c -> c.cell().cure().equals(Cure.parse(cure))).toList();
  }

  /** ipvs' persistence: what a client opens anew goes to its pod. */
  @Test
  void affinityKeepsEachClientOnAPod() {
    assertThat(cured("session-affinity+max-requests=5"))
        .hasSize(1)
        .allSatisfy(cell -> {
          Map<String, Set<String>> pods =
              ledger(cell).stream()
                  .collect(
                      Collectors.groupingBy(
                          ConnectionRow::client,
                          Collectors.mapping(c -> c.pod().orElseThrow(), Collectors.toSet())));
          assertThat(ledger(cell)).hasSizeGreaterThan(2 * 18);
          assertThat(pods).hasSize(3);
          assertThat(pods.values()).allSatisfy(p -> assertThat(p).hasSize(1));
        });
  }

  /** Real servers of a node are those of its zone. */
  @Test
  void connectionsStayInTheirZone() {
    assertThat(cured("same-zone"))
        .hasSize(1)
        .allSatisfy(cell ->
            assertThat(ledger(cell))
                .hasSize(18)
                .allSatisfy(c -> assertThat(c.node()).isEqualTo(c.clientNode()).isPresent()));
  }

  /** kube-proxy's modes iptables and ipvs do not clean up after each other, there and back. */
  @Test
  void aChangeBetweenIptablesAndIpvsBreaksNothing() {
    CellResults c = cell(changed(EventKind.CHANGE_MODE, EventKind.CHANGE_MODE));
    assertThat(c.repetitions().getFirst().effects())
        .hasSize(2)
        .allMatch(e -> e.open().count() > 0)
        .allMatch(e -> e.open().resetCount() + e.open().closedCount() == 0);
    assertThat(c.sum(s -> s.requests().failedCount())).isZero();
    assertThat(c.sum(s -> s.connections().openedCount())).isEqualTo(c.cell().connections());
  }

  /** What ipvs holds is what the ledger has, pod by pod. */
  @Test
  void ipvssOwnEntriesAreTheLedgers() throws IOException {
    for (IpvsScheduler scheduler :
        List.of(IpvsScheduler.RR, IpvsScheduler.LC, IpvsScheduler.SH, IpvsScheduler.MH)) {
      CellResults cell = plain(scheduler);
      Map<String, Integer> entries = new TreeMap<>();
      cell.repetitions().getFirst().rows(Tables.COUNTERS).stream()
          .filter(c -> c.counter().startsWith("ipvs_entries_count "))
          .forEach(c -> entries.put(c.counter().substring(19), (int) c.value()));
      assertThat(entries).as(scheduler.word()).isEqualTo(counts(ledger(cell)));
    }
  }

  /** rr: exactly in turn, whichever client comes. */
  @Test
  void roundRobinTakesExactTurns() {
    List<String> pods = pods(ledger(plain(IpvsScheduler.RR)));
    assertThat(pods).hasSize(12);
    assertThat(new HashSet<>(pods.subList(0, 4))).hasSize(4);
    for (int i = 4; i < pods.size(); i++) {
      assertThat(pods.get(i)).as("turn " + i).isEqualTo(pods.get(i - 4));
    }
  }

  /** wrr: six turns, of which the pod with weight 3 has three. */
  @Test
  void weightedRoundRobinTakesTurnsByWeight() {
    List<String> pods = pods(ledger(plain(IpvsScheduler.WRR)));
    assertThat(counts(ledger(plain(IpvsScheduler.WRR))))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
    assertThat(pods.subList(6, 12)).isEqualTo(pods.subList(0, 6));
  }

  /** lc: whoever has the fewest. */
  @Test
  void leastConnectionsKeepsOpenConnectionsEven() {
    List<String> pods = pods(ledger(plain(IpvsScheduler.LC)));
    for (int i = 0; i < 12; i += 4) {
      assertThat(new HashSet<>(pods.subList(i, i + 4))).as("round " + i / 4).hasSize(4);
    }
  }

  /** wlc: the fewest for each weight. */
  @Test
  void weightedLeastConnectionsFollowsTheWeights() {
    assertThat(counts(ledger(plain(IpvsScheduler.WLC))))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
  }

  /** sed: (1 + open) / weight, so that the heavy one has two before anybody has one. */
  @Test
  void shortestExpectedDelayFillsTheHeavyOneFirst() {
    List<String> pods = pods(ledger(plain(IpvsScheduler.SED)));
    assertThat(pods.subList(0, 2)).containsExactly("pod-1", "pod-1");
    assertThat(counts(ledger(plain(IpvsScheduler.SED))))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
  }

  /** nq: the idle first, whatever their weight; then as sed. */
  @Test
  void neverQueueTakesTheIdleFirst() {
    List<String> pods = pods(ledger(plain(IpvsScheduler.NQ)));
    assertThat(new HashSet<>(pods.subList(0, 4))).hasSize(4);
    assertThat(counts(ledger(plain(IpvsScheduler.NQ))))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
  }

  /**
   * {@code ip_vs_sh_hashkey}, {@code ip_vs_dh_hashkey}: {@code hash_32(address, 8)}; the table is
   * filled with the pods in turn, the last that was added first.
   */
  private static String hashed(String address) throws IOException {
    int host = ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress()).getInt();
    int slot = (host * 0x61C88647) >>> 24;
    return "pod-" + (4 - slot % 4);
  }

  /** sh: all connections of a client go to one pod, and the hash says to which. */
  @Test
  void sourceHashingGivesEachClientOnePod() throws IOException {
    Map<String, Set<String>> pods =
        ledger(plain(IpvsScheduler.SH)).stream()
            .collect(
                Collectors.groupingBy(
                    ConnectionRow::localAddress,
                    Collectors.mapping(c -> c.pod().orElseThrow(), Collectors.toSet())));
    assertThat(pods).hasSize(3);
    for (Map.Entry<String, Set<String>> e : pods.entrySet()) {
      assertThat(e.getValue()).as(e.getKey()).containsExactly(hashed(e.getKey()));
    }
  }

  /** dh: all connections to a Service go to one pod. */
  @Test
  void destinationHashingGivesTheServiceOnePod() throws IOException {
    assertThat(counts(ledger(plain(IpvsScheduler.DH)))).isEqualTo(Map.of(hashed("10.96.0.10"), 12));
  }

  /**
   * mh: the same client's end comes to the same pod, and of those whose pod stayed few come to
   * another when a pod leaves. A draw moves two in three.
   */
  @Test
  void maglevHashingMovesFew() {
    EffectRow mh = effect(EventKind.DELETE_ENDPOINTS, scheduler(IpvsScheduler.MH));
    EffectRow drawn = effect(EventKind.DELETE_ENDPOINTS, c -> c.dataPlane() == DataPlane.IPTABLES);
    assertThat(mh.ports().againCount()).as("on a busy machine too").isGreaterThan(30);
    assertThat(mh.ports().movedCount()).isLessThan(mh.ports().againCount() / 5);
    assertThat(drawn.ports().againCount()).isGreaterThan(30);
    assertThat(drawn.ports().movedCount()).isGreaterThan(drawn.ports().againCount() / 3);
    Map<Integer, Set<String>> podsOfPort =
        ledger(cell(scheduler(IpvsScheduler.MH).and(changed(EventKind.DELETE_ENDPOINTS)))).stream()
            .filter(c -> c.bornMs() < mh.fromMs())
            .collect(
                Collectors.groupingBy(
                    ConnectionRow::localPort,
                    Collectors.mapping(c -> c.pod().orElseThrow(), Collectors.toSet())));
    assertThat(podsOfPort.values()).allSatisfy(pods -> assertThat(pods).hasSize(1));
  }

  /** lc after a scale-out: the new pods take every new connection until all have as many. */
  @Test
  void leastConnectionsSendsAllNewOnesToNewPods() {
    EffectRow lc = effect(EventKind.ADD_ENDPOINTS, scheduler(IpvsScheduler.LC));
    assertThat(lc.opened().count()).as("on a busy machine too").isGreaterThan(8);
    assertThat(lc.opened().toAddedCount()).isEqualTo(lc.opened().count());
    assertThat(lc.open().keptCount()).isEqualTo(lc.open().count());
    EffectRow rr = effect(EventKind.ADD_ENDPOINTS, scheduler(IpvsScheduler.RR));
    assertThat(rr.opened().toAddedCount())
        .isBetween(rr.opened().count() / 2 - 4, rr.opened().count() / 2 + 4);
  }

  /** Weight 0: who is there stays, who is new goes elsewhere; it goes where nobody is there. */
  @Test
  void aRemovedEndpointKeepsItsConnectionsAtWeightNothing() throws IOException {
    EffectRow gone = effect(EventKind.REMOVE_ENDPOINTS, connections(12));
    assertThat(gone.leaving().count()).isEqualTo(3);
    assertThat(gone.leaving().keptCount()).isEqualTo(3);
    assertThat(gone.opened().toRemovedCount()).isZero();
    assertThat(Files.readString(run.repetition(gone.at().cellId(), 1).ipvs()))
        .containsPattern("-> 10\\.244\\.1\\.4:8080 +Masq +0 ")
        .doesNotContainPattern("-> 10\\.244\\.1\\.4:(?!8080)");
  }

  /**
   * The tables of sh and mh keep the slots of a server at weight 0 ({@code ip_vs_sh_get}, {@code
   * ip_vs_mh_get}: unavailable, and no fallback without the flag, which kube-proxy does not set):
   * whoever is hashed to it is refused for as long as it has connections.
   */
  @Test
  void aHashThatFallsOnARemovedEndpointIsRefused() {
    for (IpvsScheduler scheduler : List.of(IpvsScheduler.SH, IpvsScheduler.MH)) {
      EffectRow gone =
          effect(EventKind.REMOVE_ENDPOINTS, scheduler(scheduler).and(connections(60)));
      assertThat(gone.leaving().count()).as(scheduler.word()).isPositive();
      assertThat(gone.leaving().keptCount()).as(scheduler.word()).isEqualTo(gone.leaving().count());
      assertThat(gone.opened().toRemovedCount()).as(scheduler.word()).isZero();
      assertThat(gone.failuresCount()).as(scheduler.word()).isPositive();
    }
  }

  /** expire_nodest_conn: without it the client waits, with it it is reset. */
  @Test
  void aDeletedServersConnectionsHangOrAreReset() {
    EffectRow hang = effect(EventKind.DELETE_ENDPOINTS, set(Setting.EXPIRE_NODEST_CONN, 0));
    assertThat(hang.leaving().count()).isEqualTo(3);
    assertThat(hang.leaving().keptCount()).isZero();
    assertThat(hang.open().resetCount()).isZero();
    assertThat(hang.open().unansweredCount()).isEqualTo(3);
    EffectRow reset = effect(EventKind.DELETE_ENDPOINTS, set(Setting.EXPIRE_NODEST_CONN, 1));
    assertThat(reset.leaving().count()).isEqualTo(3);
    assertThat(reset.open().resetCount()).isEqualTo(3);
    assertThat(reset.open().keptCount()).isEqualTo(9);
  }

  /**
   * conn_reuse_mode 1: a port that is used again is scheduled anew; 0: it stays where its old entry
   * points, even to a pod that left, unless expire_nodest_conn (which kube-proxy sets) prevents it.
   */
  @Test
  void aPortUsedAgainFollowsItsOldEntryOrIsScheduledAnew() {
    EffectRow anew = effect(EventKind.REMOVE_ENDPOINTS, set(Setting.CONN_REUSE_MODE, 1));
    assertThat(anew.ports().againCount()).isGreaterThanOrEqualTo(4);
    assertThat(anew.ports().movedCount()).isPositive();
    assertThat(anew.opened().toRemovedCount()).isZero();
    EffectRow old =
        effect(
            EventKind.REMOVE_ENDPOINTS,
            set(Setting.CONN_REUSE_MODE, 0).and(unset(Setting.EXPIRE_NODEST_CONN)));
    assertThat(old.ports().againCount()).isGreaterThanOrEqualTo(4);
    assertThat(old.ports().movedCount()).isZero();
    assertThat(old.opened().toRemovedCount()).isZero();
    EffectRow gone =
        effect(
            EventKind.REMOVE_ENDPOINTS,
            set(Setting.CONN_REUSE_MODE, 0).and(set(Setting.EXPIRE_NODEST_CONN, 0)));
    assertThat(gone.opened().toRemovedCount()).isPositive();
  }

  /** Idle for longer than ipvs remembers: each connection is reset. */
  @Test
  void anIdleConnectionIsForgotten() {
    EffectRow idle = idle(Protocol.HTTP1, KeepAlive.NONE);
    assertThat(idle.open().count()).isEqualTo(8);
    assertThat(idle.open().keptCount()).isZero();
    assertThat(idle.open().resetCount()).isEqualTo(8);
    assertThat(idle.noticeP50Ms()).isGreaterThan(4000);
  }

  private static EffectRow idle(Protocol protocol, KeepAlive keepAlive) {
    return effect(
        Cause.IDLE,
        cell(c ->
            !c.course().phases().idle().isZero()
                && c.protocol() == protocol
                && c.keepAlive() == keepAlive));
  }

  @Test
  void keepAlivesKeepIt() {
    assertThat(idle(Protocol.HTTP1, KeepAlive.TCP).open().keptCount()).isEqualTo(8);
    assertThat(idle(Protocol.HTTP2, KeepAlive.PING).open().keptCount()).isEqualTo(8);
  }

  /** A full table lets nobody in, tells nobody, and leaves alone who is there. */
  @Test
  void aFullTableRefusesSilently() {
    CellResults cell = cell(set(Setting.CONNTRACK_MAX, 30));
    SummaryRow s = cell.repetitions().getFirst().summary();
    assertThat(s.connections().openedCount()).isEqualTo(30);
    assertThat(s.requests().failedCount()).isGreaterThanOrEqualTo(10);
    // one SYN more after a second, then two seconds of waiting
    assertThat(s.failure().p50Ns()).isGreaterThan(2.5e9);
    assertThat(ledger(cell)).allSatisfy(c -> assertThat(c.death()).isEqualTo(Death.CLIENT));
  }

  /** Three nodes, three connections each: all begin with the same pod, so five pods stay idle. */
  @Test
  void eachNodeTakesTurnsOfItsOwnAndAllBeginWithTheSamePod() {
    CellResults cell = cell(scheduler(IpvsScheduler.RR).and(connections(9)));
    List<ConnectionRow> rr = ledger(cell);
    assertThat(counts(rr).values()).containsExactly(3, 3, 3);
    assertThat(IntStream.rangeClosed(1, 3).mapToObj(n -> Optional.of("node-" + n)))
        .allSatisfy(node ->
            assertThat(pods(rr.stream().filter(c -> c.clientNode().equals(node)).toList()))
                .hasSize(3)
                .doesNotHaveDuplicates());
    assertThat(results.installs())
        .filteredOn(i -> i.at().cellId().equals(cell.id()))
        .hasSize(3)
        .allSatisfy(i -> assertThat(i.ipvsScheduler()).hasValue(IpvsScheduler.RR));
  }

  /**
   * One page: modes and schedulers by workload, each field with its cell; what happened to whom.
   */
  @Test
  void theReportComparesModesAndNamesTheCellsBehindIt() throws IOException {
    Report.write(run);
    String page = Files.readString(run.report().resolve("report.md"));
    List<String> sheets =
        page.lines()
            .dropWhile(l -> !l.startsWith("## When pods change"))
            .takeWhile(l -> !l.startsWith("## Latency"))
            .toList();
    assertThat(sheets)
        .anyMatch(l -> l.startsWith("| workload | ") && l.contains(" | ipvs-rr | "))
        .anyMatch(l ->
            l.startsWith("| http1, 40 connections, opened one after the other, add-endpoints 4")
                && l.contains("100 % to new pods #"))
        .anyMatch(l ->
            l.startsWith("| http1, 9 connections, 3 clients on 3 nodes") && l.contains("5 idle"))
        .anyMatch(l -> l.contains("0 of 3 went on") && l.contains("3 unanswered"))
        .anyMatch(l -> l.contains("0 of 3 went on") && l.contains("3 reset"));
    assertThat(page)
        .contains(
            "its times can be compared with each other only",
            "With room for few entries in the kernel's connection table");
    assertThat(run.report().resolve("report.html")).isNotEmptyFile();
  }
}
