package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.report.Report;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
      phases: {warmup: 0s, measure: 1500ms, drain: 1s}
      matrix:
        # one after the other, so that the ledger has the order of the turns
        - data-plane: ipvs
          ipvs-scheduler: [rr, wrr, lc, wlc, sh, dh, mh, sed, nq]
          protocol: http1
          opening: spread
          connections: 12
          clients: 3
          pods: 4
          rate: 60
        - data-plane: ipvs
          ipvs-scheduler: [rr, lc]
          protocol: http1
          opening: spread
          connections: 40
          pods: 4
          rate: 100
          phases: {measure: 3s}
          events: [{at: 1500ms, add-endpoints: 4}]
        - data-plane: [iptables, ipvs]
          iptables-backend: legacy
          ipvs-scheduler: [rr, mh]
          protocol: short-lived
          connections: 10
          pods: 4
          local-ports: 150
          rate: 100
          phases: {measure: 4s, drain: 3s}
          events: [{at: 2s, delete-endpoints: 1}]
        - data-plane: ipvs
          conn-reuse-mode: [0, 1]
          protocol: short-lived
          connections: 10
          pods: 4
          local-ports: 150
          rate: 100
          phases: {measure: 4s, drain: 3s}
          events: [{at: 2s, remove-endpoints: 1}]
        - data-plane: ipvs
          conn-reuse-mode: 0
          expire-nodest-conn: 0
          protocol: short-lived
          connections: 10
          pods: 4
          local-ports: 150
          rate: 100
          phases: {measure: 4s, drain: 3s}
          events: [{at: 2s, remove-endpoints: 1}]
        - data-plane: ipvs
          ipvs-scheduler: [sh, mh]
          protocol: http1
          opening: spread
          connections: 42
          clients: 6
          pods: 4
          rate: 130
          phases: {measure: 3s}
          events: [{at: 1500ms, remove-endpoints: 1}]
        - data-plane: ipvs
          protocol: http1
          connections: 12
          pods: 4
          rate: 60
          events: [{at: 500ms, remove-endpoints: 1}]
        - data-plane: ipvs
          expire-nodest-conn: [0, 1]
          protocol: http1
          connections: 12
          pods: 4
          rate: 120
          phases: {measure: 3s}
          events: [{at: 500ms, delete-endpoints: 1}]
        - data-plane: ipvs
          ipvs-tcp-timeout: 2s
          protocol: [http1, http2, grpc, grpc-stream, websocket]
          connections: 8
          pods: 4
          rate: 80
          phases: {warmup: 300ms, idle: 5s, measure: 1s}
        - data-plane: ipvs
          ipvs-tcp-timeout: 2s
          protocol: http1
          keep-alive: tcp
          connections: 8
          pods: 4
          rate: 80
          phases: {warmup: 300ms, idle: 5s, measure: 1s}
        - data-plane: ipvs
          ipvs-tcp-timeout: 2s
          protocol: [http2, websocket]
          keep-alive: ping
          connections: 8
          pods: 4
          rate: 80
          phases: {warmup: 300ms, idle: 5s, measure: 1s}
        # gRPC's clients ping every ten seconds at most
        - data-plane: ipvs
          ipvs-tcp-timeout: 12s
          protocol: grpc
          keep-alive: ping
          keep-alive-interval: 10s
          connections: 8
          pods: 4
          rate: 80
          phases: {warmup: 300ms, idle: 15s, measure: 1s}
        - data-plane: [iptables, ipvs]
          iptables-backend: legacy
          conntrack-max: 30
          syn-retries: 1
          protocol: http1
          opening: spread
          connections: 40
          pods: 4
          rate: 100
          phases: {measure: 2s, drain: 4s}
        - data-plane: [iptables, ipvs]
          iptables-backend: legacy
          protocol: http1
          connections: 12
          clients: 4
          nodes: 4
          pods: 8
          rate: 60
      """;

  /** Endpoints are sorted, so pod-1 is the first: weight 3 where the scheduler knows weights. */
  private static final String WEIGHTS =
      "(-s (?:wrr|wlc|sed|nq)\\n-a \\S+ \\S+ -r 10\\.244\\.1\\.1:8080 -m -w) 1=>$1 3";

  @TempDir private static Path folder;
  private static RunFolder run;
  private static List<Rows.Connection> ledger;
  private static List<Rows.Effect> effects;

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
    ledger = Csv.read(run.connections(), Rows.Connection.class);
    effects = Csv.read(run.effects(), Rows.Effect.class);
  }

  private static List<Rows.Connection> of(String... parts) {
    return ledger.stream()
        .filter(c -> Arrays.stream(parts).allMatch(c.cell()::contains))
        .sorted(Comparator.comparingDouble(Rows.Connection::bornMs))
        .toList();
  }

  /** The first block, whose cells nothing disturbs. */
  private static List<Rows.Connection> plain(String scheduler) {
    return of("=ipvs-" + scheduler + "_", "connections=12_pods=4_clients=3");
  }

  private static Map<String, Integer> counts(List<Rows.Connection> connections) {
    Map<String, Integer> counts = new TreeMap<>();
    connections.forEach(c -> counts.merge(c.pod(), 1, Integer::sum));
    return counts;
  }

  private static Rows.Effect effect(String cause, String... parts) {
    List<Rows.Effect> found =
        effects.stream()
            .filter(
                e -> e.cause().equals(cause) && Arrays.stream(parts).allMatch(e.cell()::contains))
            .toList();
    assertThat(found).as(cause + " " + List.of(parts)).hasSize(1);
    return found.getFirst();
  }

  @Test
  void theWitnessesAgreeWhereTheKernelIsOne() throws IOException {
    assertThat(Csv.read(run.summary(), Rows.Summary.class))
        .hasSize(9 + 2 + 3 + 2 + 1 + 2 + 1 + 2 + 5 + 1 + 2 + 1 + 2 + 2)
        .allSatisfy(s -> assertThat(s.disagreementsCount()).as(s.cell()).isZero());
    assertThat(Csv.read(run.disagreements(), Rows.Disagreement.class)).isEmpty();
  }

  /** What ipvs holds is what the ledger has, pod by pod. */
  @Test
  void ipvssOwnEntriesAreTheLedgers() throws IOException {
    for (String scheduler : List.of("rr", "lc", "sh", "mh")) {
      List<Rows.Connection> mine = plain(scheduler);
      Map<String, Integer> entries = new TreeMap<>();
      Csv.read(run.repetition(mine.getFirst().cell(), 1).counters(), Rows.Counter.class).stream()
          .filter(c -> c.counter().startsWith("ipvs_entries_count "))
          .forEach(c -> entries.put(c.counter().substring(19), (int) c.value()));
      assertThat(entries).as(scheduler).isEqualTo(counts(mine));
    }
  }

  /** rr: exactly in turn, whichever client comes. */
  @Test
  void roundRobinTakesExactTurns() {
    List<String> pods = plain("rr").stream().map(Rows.Connection::pod).toList();
    assertThat(pods).hasSize(12);
    assertThat(new HashSet<>(pods.subList(0, 4))).hasSize(4);
    for (int i = 4; i < pods.size(); i++) {
      assertThat(pods.get(i)).as("turn " + i).isEqualTo(pods.get(i - 4));
    }
  }

  /** wrr: six turns, of which the pod with weight 3 has three. */
  @Test
  void weightedRoundRobinTakesTurnsByWeight() {
    List<String> pods = plain("wrr").stream().map(Rows.Connection::pod).toList();
    assertThat(counts(plain("wrr")))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
    assertThat(pods.subList(6, 12)).isEqualTo(pods.subList(0, 6));
  }

  /** lc: whoever has the fewest. */
  @Test
  void leastConnectionsKeepsOpenConnectionsEven() {
    List<String> pods = plain("lc").stream().map(Rows.Connection::pod).toList();
    for (int i = 0; i < 12; i += 4) {
      assertThat(new HashSet<>(pods.subList(i, i + 4))).as("round " + i / 4).hasSize(4);
    }
  }

  /** wlc: the fewest for each weight. */
  @Test
  void weightedLeastConnectionsFollowsTheWeights() {
    assertThat(counts(plain("wlc")))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
  }

  /** sed: (1 + open) / weight, so that the heavy one has two before anybody has one. */
  @Test
  void shortestExpectedDelayFillsTheHeavyOneFirst() {
    List<String> pods = plain("sed").stream().map(Rows.Connection::pod).toList();
    assertThat(pods.subList(0, 2)).containsExactly("pod-1", "pod-1");
    assertThat(counts(plain("sed")))
        .isEqualTo(Map.of("pod-1", 6, "pod-2", 2, "pod-3", 2, "pod-4", 2));
  }

  /** nq: the idle first, whatever their weight; then as sed. */
  @Test
  void neverQueueTakesTheIdleFirst() {
    List<String> pods = plain("nq").stream().map(Rows.Connection::pod).toList();
    assertThat(new HashSet<>(pods.subList(0, 4))).hasSize(4);
    assertThat(counts(plain("nq")))
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
        plain("sh").stream()
            .collect(
                Collectors.groupingBy(
                    Rows.Connection::localAddress,
                    Collectors.mapping(Rows.Connection::pod, Collectors.toSet())));
    assertThat(pods).hasSize(3);
    for (Map.Entry<String, Set<String>> e : pods.entrySet()) {
      assertThat(e.getValue()).as(e.getKey()).containsExactly(hashed(e.getKey()));
    }
  }

  /** dh: all connections to a Service go to one pod. */
  @Test
  void destinationHashingGivesTheServiceOnePod() throws IOException {
    assertThat(counts(plain("dh"))).isEqualTo(Map.of(hashed("10.96.0.10"), 12));
  }

  /**
   * mh: the same client's end comes to the same pod, and of those whose pod stayed few come to
   * another when a pod leaves. A draw moves two in three.
   */
  @Test
  void maglevHashingMovesFew() {
    Rows.Effect mh = effect("delete-endpoints", "=ipvs-mh_", "local-ports=150");
    Rows.Effect drawn = effect("delete-endpoints", "=iptables-legacy_", "local-ports=150");
    assertThat(mh.portsAgainCount()).isGreaterThan(60);
    assertThat(mh.portsMovedCount()).isLessThan(mh.portsAgainCount() / 5);
    assertThat(drawn.portsAgainCount()).isGreaterThan(60);
    assertThat(drawn.portsMovedCount()).isGreaterThan(drawn.portsAgainCount() / 3);
    Map<Integer, Set<String>> podsOfPort =
        of("=ipvs-mh_", "local-ports=150").stream()
            .filter(c -> c.bornMs() < mh.fromMs())
            .collect(
                Collectors.groupingBy(
                    Rows.Connection::localPort,
                    Collectors.mapping(Rows.Connection::pod, Collectors.toSet())));
    assertThat(podsOfPort.values()).allSatisfy(pods -> assertThat(pods).hasSize(1));
  }

  /** lc after a scale-out: the new pods take every new connection until all have as many. */
  @Test
  void leastConnectionsSendsAllNewOnesToNewPods() {
    Rows.Effect lc = effect("add-endpoints", "=ipvs-lc_");
    assertThat(lc.newCount()).isGreaterThan(10);
    assertThat(lc.newToAddedCount()).isEqualTo(lc.newCount());
    assertThat(lc.keptCount()).isEqualTo(lc.openCount());
    Rows.Effect rr = effect("add-endpoints", "=ipvs-rr_");
    assertThat(rr.newToAddedCount()).isBetween(rr.newCount() / 2 - 4, rr.newCount() / 2 + 4);
  }

  /** Weight 0: who is there stays, who is new goes elsewhere, and the server is still listed. */
  @Test
  void aRemovedEndpointKeepsItsConnectionsAtWeightNothing() throws IOException {
    Rows.Effect gone = effect("remove-endpoints", "=ipvs-rr_", "connections=12");
    assertThat(gone.leavingCount()).isEqualTo(3);
    assertThat(gone.leavingKeptCount()).isEqualTo(3);
    assertThat(gone.newToRemovedCount()).isZero();
    assertThat(Files.readString(run.repetition(gone.cell(), 1).ipvs()))
        .containsPattern("-> 10\\.244\\.1\\.4:8080 +Masq +0 ");
  }

  /**
   * The tables of sh and mh keep the slots of a server at weight 0 ({@code ip_vs_sh_get}, {@code
   * ip_vs_mh_get}: unavailable, and no fallback without the flag, which kube-proxy does not set):
   * whoever is hashed to it is refused for as long as it has connections.
   */
  @Test
  void aHashThatFallsOnARemovedEndpointIsRefused() {
    for (String scheduler : List.of("sh", "mh")) {
      Rows.Effect gone = effect("remove-endpoints", "=ipvs-" + scheduler + "_", "connections=42");
      assertThat(gone.leavingCount()).as(scheduler).isPositive();
      assertThat(gone.leavingKeptCount()).as(scheduler).isEqualTo(gone.leavingCount());
      assertThat(gone.newToRemovedCount()).as(scheduler).isZero();
      assertThat(gone.failedCount()).as(scheduler).isPositive();
    }
  }

  /** expire_nodest_conn: without it the client waits, with it it is reset. */
  @Test
  void aDeletedServersConnectionsHangOrAreReset() {
    Rows.Effect hang = effect("delete-endpoints", "expire-nodest-conn=0_delete");
    assertThat(hang.leavingCount()).isEqualTo(3);
    assertThat(hang.leavingKeptCount()).isZero();
    assertThat(hang.resetCount()).isZero();
    assertThat(hang.unansweredCount()).isEqualTo(3);
    Rows.Effect reset = effect("delete-endpoints", "expire-nodest-conn=1_delete");
    assertThat(reset.leavingCount()).isEqualTo(3);
    assertThat(reset.resetCount()).isEqualTo(3);
    assertThat(reset.keptCount()).isEqualTo(9);
  }

  /**
   * conn_reuse_mode 1: a port that is used again is scheduled anew; 0: it stays where its old entry
   * points, even to a pod that left, unless expire_nodest_conn (which kube-proxy sets) prevents it.
   */
  @Test
  void aPortUsedAgainFollowsItsOldEntryOrIsScheduledAnew() {
    Rows.Effect anew = effect("remove-endpoints", "conn-reuse-mode=1_");
    assertThat(anew.portsAgainCount()).isGreaterThan(60);
    assertThat(anew.portsMovedCount()).isGreaterThan(anew.portsAgainCount() / 3);
    assertThat(anew.newToRemovedCount()).isZero();
    Rows.Effect old = effect("remove-endpoints", "rate=100_conn-reuse-mode=0_");
    assertThat(old.portsAgainCount()).isGreaterThan(60);
    assertThat(old.portsMovedCount()).isZero();
    assertThat(old.newToRemovedCount()).isZero();
    Rows.Effect gone = effect("remove-endpoints", "expire-nodest-conn=0_conn-reuse-mode=0_");
    assertThat(gone.newToRemovedCount()).isPositive();
  }

  /** Idle for longer than ipvs remembers: each connection is reset, whatever is spoken. */
  @Test
  void anIdleConnectionIsForgotten() {
    for (String protocol : List.of("http1", "http2", "grpc", "grpc-stream", "websocket")) {
      Rows.Effect idle =
          effects.stream()
              .filter(e ->
                  e.cause().equals("idle")
                      && e.cell().contains("protocol=" + protocol + "_")
                      && !e.cell().contains("keep-alive"))
              .findFirst()
              .orElseThrow();
      assertThat(idle.openCount()).as(protocol).isEqualTo(8);
      assertThat(idle.keptCount()).as(protocol).isZero();
      assertThat(idle.resetCount()).as(protocol).isEqualTo(8);
      assertThat(idle.noticeP50Ms()).as(protocol).isGreaterThan(5000);
    }
  }

  @Test
  void keepAlivesKeepIt() {
    Rows.Effect tcp = effect("idle", "protocol=http1_", "keep-alive=tcp");
    assertThat(tcp.keptCount()).isEqualTo(8);
    for (String protocol : List.of("http2", "grpc", "websocket")) {
      Rows.Effect ping = effect("idle", "protocol=" + protocol + "_", "keep-alive=ping");
      assertThat(ping.keptCount()).as(protocol).isEqualTo(8);
    }
  }

  /** A full table lets nobody in, tells nobody, and leaves alone who is there. */
  @Test
  void aFullTableRefusesSilently() throws IOException {
    for (Rows.Summary s : Csv.read(run.summary(), Rows.Summary.class)) {
      if (s.cell().contains("conntrack-max=30")) {
        assertThat(s.connectionsOpenedCount()).as(s.cell()).isEqualTo(30);
        assertThat(s.errorsCount()).as(s.cell()).isGreaterThanOrEqualTo(10);
        // one SYN more after a second, then two seconds of waiting
        assertThat(s.failureP50Ns()).as(s.cell()).isGreaterThan(2.5e9);
        assertThat(of(s.cell())).allSatisfy(c -> assertThat(c.death()).isEqualTo("client-close"));
      }
    }
  }

  /** Four nodes, three connections each: all begin with the same pod, so five pods stay idle. */
  @Test
  void eachNodeTakesTurnsOfItsOwnAndAllBeginWithTheSamePod() throws IOException {
    List<Rows.Connection> rr = of("=ipvs-rr_", "nodes=4");
    assertThat(counts(rr).values()).containsExactly(4, 4, 4);
    assertThat(IntStream.rangeClosed(1, 4).mapToObj(n -> "node-" + n))
        .allSatisfy(node ->
            assertThat(
                    rr.stream().filter(c -> c.clientNode().equals(node)).map(Rows.Connection::pod))
                .hasSize(3)
                .doesNotHaveDuplicates());
    assertThat(Csv.read(run.installs(), Rows.Install.class))
        .filteredOn(i -> i.cell().contains("nodes=4") && i.dataPlane().equals("ipvs"))
        .hasSize(4)
        .allSatisfy(i -> assertThat(i.backend()).isEqualTo("rr"));
  }

  /**
   * One page: modes and schedulers by workload, each field with its cell; what happened to whom.
   */
  @Test
  void theReportComparesModesAndNamesTheCellsBehindIt() throws IOException {
    Report.write(run);
    String page = Files.readString(run.report().resolve("report.md"));
    List<String> sheet =
        page.lines()
            .dropWhile(l -> !l.startsWith("## Which mode, which scheduler"))
            .takeWhile(l -> !l.startsWith("## Each cell"))
            .toList();
    assertThat(sheet)
        .anyMatch(l -> l.startsWith("| workload | ") && l.contains(" | ipvs-rr | "))
        .anyMatch(l ->
            l.startsWith("| http1, 40 connections, opened one after the other, add-endpoints 4")
                && l.contains("**100 % to new pods** #"))
        .anyMatch(l ->
            l.startsWith("| http1, 12 connections, 4 clients on 4 nodes") && l.contains("5 idle"))
        .anyMatch(l -> l.contains("expire-nodest-conn 0: 0 of 3 went on; 3 unanswered"))
        .anyMatch(l -> l.contains("expire-nodest-conn 1: 0 of 3 went on; 3 reset"));
    assertThat(page)
        .contains(
            "its times can be compared with each other only",
            "A full connection table refuses only what is new");
    assertThat(run.report().resolve("report.html")).isNotEmptyFile();
  }
}
