package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.record.Death;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done against imbalance, on the real kernel. */
@Privileged
class CuresTest {
  private static final int CALLERS = 12;
  private static final String YAML =
      """
      experiment: cures
      testbed: netns
      seed: 3
      phases: {warmup: 300ms, measure: 4s, drain: 20s}
      matrix:
        - {protocol: [http1, http2, grpc, grpc-stream], cure: [none, round-robin], connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {protocol: grpc, cure: "round-robin,learning=once", connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {protocol: grpc, cure: ["round-robin,learning=dns,ttl=1s", "round-robin,learning=dns+max-age=1s,jitter=grpc,by=server",
                                  "round-robin,learning=dns,ttl=1s+max-age=1s,jitter=grpc,by=server"],
           connections: 12, pods: 3, rate: 240, phases: {measure: 6s}, events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {protocol: [http1, http2], cure: ["least-request,learning=dns", "least-request,learning=dns,ttl=1s"], connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {protocol: [http1, http2, grpc], cure: round-robin, pooling: shared, connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, scale: 2, rules-after: 100ms, pre-stop: 300ms, on-term: goodbye}]}
        - {protocol: [http1, http2, grpc, grpc-stream, websocket], cure: "max-age=1s,jitter=reactor", connections: 24, pods: 3, rate: 480, phases: {measure: 6s},
           events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {protocol: [http1, http2, websocket], cure: "max-age=1s,by=server", connections: 24, pods: 3, rate: 480, phases: {measure: 2500ms}}
        - {protocol: [grpc, grpc-stream], cure: "max-age=1s,jitter=grpc,by=server", connections: 24, pods: 3, rate: 480, phases: {measure: 2500ms}}
        - {protocol: [http1, grpc], cure: max-requests=30, connections: 12, pods: 3, rate: 360, phases: {measure: 2s}}
        - {data-plane: [iptables, nftables], cure: "session-affinity+max-requests=10", connections: 16, clients: 4, pods: 3, rate: 320, phases: {measure: 1s}}
        - {data-plane: [iptables, nftables], cure: same-zone, connections: 60, clients: 3, nodes: 2, pods: 5, rate: 240, phases: {measure: 1s}}
        - {data-plane: nftables, cure: same-zone, connections: 40, clients: 1, nodes: 2, pods: 4, rate: 240, phases: {measure: 1s}}
        - {data-plane: nftables, cure: same-zone, protocol: short-lived, connections: 6, clients: 2, nodes: 2, pods: 2, rate: 240, phases: {measure: 2s},
           events: [{at: 500ms, remove-endpoints: 1}]}
        - {protocol: websocket, cure: least-connections, connections: 12, clients: 2, pods: 3, rate: 240, phases: {measure: 1s}}
      """;

  @TempDir private static Path results;
  private static ExperimentRun.Ended ended;
  private static RunCells cells;
  private static Map<At, List<EventRow>> events;

  @BeforeAll
  static void run() throws IOException {
    ended = Runs.run(results, YAML, "");
    cells = RunCells.of(ended.folder());
    events =
        ended.folder().rows(Tables.EVENTS).stream().collect(Collectors.groupingBy(EventRow::at));
  }

  private static EventRow step(SummaryRow s, EventStep step) {
    return events.get(s.at()).stream().filter(e -> e.step() == step).findFirst().orElseThrow();
  }

  /** Requests that each pod answered from a second after a step until the end of the schedule. */
  private static Map<String, Long> answeredLater(SummaryRow s, EventRow step) throws IOException {
    return ended
        .folder()
        .repetition(s.at().cellId(), s.at().repetition())
        .rows(Tables.PODS_OVER_TIME)
        .stream()
        .filter(
            r -> r.atMs() >= step.doneMs() + 1000 && r.pod().isPresent() && r.answeredCount() > 0)
        .collect(
            Collectors.groupingBy(
                r -> r.pod().orElseThrow(),
                Collectors.summingLong(PodsOverTimeRow::answeredCount)));
  }

  private static List<SummaryRow> of(String cure) throws IOException {
    List<SummaryRow> of =
        Runs.summaries(ended).stream()
            .filter(s -> cells.of(s.at()).cure().equals(Cure.parse(cure)))
            .toList();
    assertThat(of).isNotEmpty();
    return of;
  }

  private static boolean grows(SummaryRow s) {
    return events.getOrDefault(s.at(), List.of()).stream()
        .anyMatch(e -> e.step() == EventStep.JOINED);
  }

  @Test
  void nothingIsLostFromSightOrFails() throws IOException {
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.folder().rows(Tables.DISAGREEMENTS)).isEmpty();
    for (SummaryRow s : Runs.summaries(ended)) {
      String cell = cells.of(s.at()).key() + ": " + Runs.errors(ended.folder(), s);
      assertThat(s.marks())
          .as(cell)
          .doesNotContain(Mark.STRAYS, Mark.CONNECTIONS_MISSING, Mark.DISAGREE, Mark.NOT_ADDING_UP);
      assertThat(s.crossCheck().outcome()).as(cell).isEqualTo(Agreement.AGREE);
      assertThat(s.requests().failedCount())
          .as(cell)
          .isLessThanOrEqualTo(crosses(cells.of(s.at())) ? goodbyes(s) : 0);
      if (!crosses(cells.of(s.at()))) {
        assertThat(s.requests().unansweredCount()).as(cell).isZero();
      }
    }
  }

  /**
   * Whether what a client sends may cross the word of a pod, and be lost: an answer of HTTP/1.1
   * says that it is the last one, a GOAWAY or a close frame comes when it comes, and these clients
   * do not send again what it met.
   */
  private static boolean crosses(Cell cell) {
    return cell.cure().byServer().isPresent() && cell.protocol() != Protocol.HTTP1;
  }

  private static List<ConnectionRow> ledger(SummaryRow s) throws IOException {
    return ended.folder().rows(Tables.CONNECTIONS).stream()
        .filter(c -> c.at().equals(s.at()))
        .toList();
  }

  /** Connections that pods gave up. */
  private static long goodbyes(SummaryRow s) throws IOException {
    return ledger(s).stream().filter(c -> c.death() == Death.GOODBYE).count();
  }

  /** All connections made anew in the measure phase, a second. */
  private static double openedPerS(SummaryRow s) throws IOException {
    return ended
        .folder()
        .repetition(s.at().cellId(), s.at().repetition())
        .rows(Tables.COUNTERS)
        .stream()
        .filter(c -> c.counter().equals("opened_per_s"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /**
   * An age of a second, and jitter that makes it less: two seconds after pods joined all
   * connections have been made since, and the pods that joined have their part of them. It costs as
   * many connects a second as there are connections, or a few more.
   */
  @Test
  void aMaximumAgeBalancesInAboutThatTime() throws IOException {
    for (SummaryRow s : of("max-age=1s,jitter=reactor")) {
      String cell = cells.of(s.at()).key();
      EventRow joined = step(s, EventStep.JOINED);
      List<ConnectionRow> later =
          ledger(s).stream().filter(c -> c.diedMs() > joined.doneMs() + 2000).toList();
      assertThat(later).as(cell).hasSizeGreaterThanOrEqualTo(24);
      assertThat(later).as(cell).allMatch(c -> c.bornMs() > joined.begunMs());
      assertThat(answeredLater(s, joined).keySet())
          .as(cell)
          .containsAnyElementsOf(joined.pods())
          .hasSizeGreaterThan(3);
      assertThat(ledger(s).stream().filter(c -> c.death() == Death.RETIRED)).as(cell).isNotEmpty();
      assertThat(openedPerS(s)).as(cell).isBetween(24 / 2.0, 24 * 1.5);
    }
  }

  @Test
  void whatPodsGiveUpIsMadeAnew() throws IOException {
    for (String cure : List.of("max-age=1s,by=server", "max-age=1s,jitter=grpc,by=server")) {
      for (SummaryRow s : of(cure)) {
        Cell cell = cells.of(s.at());
        long told = goodbyes(s);
        assertThat(told).as(cell.key()).isGreaterThanOrEqualTo(24);
        assertThat(s.connections().openedCount()).as(cell.key()).isGreaterThanOrEqualTo(told);
      }
    }
  }

  @Test
  void aConnectionCarriesAsManyRequestsAsItMay() throws IOException {
    for (SummaryRow s : of("max-requests=30")) {
      assertThat(ledger(s).stream().filter(c -> c.death() == Death.RETIRED))
          .isNotEmpty()
          .allMatch(c -> c.requestsCount() == 30);
    }
  }

  /**
   * The Service's rules remember whom they sent where: all that a client opens goes to one pod. The
   * first ones, opened at the same moment, may be drawn before any is remembered.
   */
  @Test
  void aServiceWithAffinityKeepsEachClientOnAPod() throws IOException {
    for (SummaryRow s : of("session-affinity+max-requests=10")) {
      assertThat(
              ledger(s).stream()
                  .filter(c -> c.bornMs() > 0)
                  .collect(
                      Collectors.groupingBy(
                          ConnectionRow::client,
                          Collectors.mapping(c -> c.pod().orElseThrow(), Collectors.toSet())))
                  .values())
          .as(cells.of(s.at()).key())
          .hasSize(4)
          .allSatisfy(pods -> assertThat(pods).hasSize(1));
      assertThat(ledger(s)).hasSizeGreaterThan(2 * 16);
    }
  }

  /**
   * Rules on a node have the pods of its zone alone; that clients are in one leaves the others
   * none.
   */
  @Test
  void aServiceThatPrefersZonesKeepsConnectionsInThem() throws IOException {
    List<SummaryRow> spread = of("same-zone").stream().filter(s -> clients(s) == 3).toList();
    assertThat(spread).hasSize(2);
    for (SummaryRow s : spread) {
      assertThat(ledger(s))
          .as(cells.of(s.at()).key())
          .hasSize(60)
          .allSatisfy(c -> assertThat(c.node()).isEqualTo(c.clientNode()).isPresent());
      assertThat(ledger(s).stream().map(ConnectionRow::pod).distinct()).hasSize(5);
    }
    SummaryRow one =
        of("same-zone").stream().filter(s -> clients(s) == 1).findFirst().orElseThrow();
    assertThat(ledger(one).stream().flatMap(c -> c.pod().stream()).distinct())
        .containsExactlyInAnyOrder("pod-1", "pod-3");
  }

  /** Once no endpoint is hinted for a zone its clients get those of the others. */
  @Test
  void aZoneWhosePodsAreGoneHasAllOthers() throws IOException {
    SummaryRow s = of("same-zone").stream().filter(x -> clients(x) == 2).findFirst().orElseThrow();
    assertThat(s.requests().failedCount()).isZero();
    Map<Boolean, List<ConnectionRow>> left =
        ledger(s).stream().collect(Collectors.partitioningBy(c -> c.bornMs() > 2000));
    assertThat(left.get(false).stream().filter(c -> c.bornMs() < 700))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(c.node()).isEqualTo(c.clientNode()));
    assertThat(left.get(true)).isNotEmpty();
    assertThat(left.get(true).stream().map(c -> c.pod().orElseThrow()).distinct()).hasSize(1);
    assertThat(left.get(true).stream().map(c -> c.clientNode().orElseThrow()).distinct())
        .hasSize(2);
  }

  private int clients(SummaryRow s) {
    return cells.of(s.at()).clients();
  }

  /** Long-lived connections stay: those who join get nothing, whatever the protocol. */
  @Test
  void withoutACureNewPodsGetNothing() throws IOException {
    for (SummaryRow s : of("none")) {
      assertThat(answeredLater(s, step(s, EventStep.JOINED)).keySet())
          .as(cells.of(s.at()).key())
          .doesNotContainAnyElementsOf(step(s, EventStep.JOINED).pods());
    }
  }

  /**
   * A client that watches and picks for each request gives them their share within a second; each
   * of the callers picks in turn, so no pod is further from the mean than they are many.
   */
  @Test
  void balancedByTheClientNewPodsHaveTheirShareWithinASecond() throws IOException {
    for (SummaryRow s : of("round-robin")) {
      Cell cell = cells.of(s.at());
      if (grows(s) && cell.protocol() != Protocol.GRPC_STREAM) {
        Map<String, Long> answered = answeredLater(s, step(s, EventStep.JOINED));
        double mean = answered.values().stream().mapToLong(n -> n).average().orElseThrow();
        assertThat(answered).as(cell.key()).hasSize(6);
        assertThat(answered.values())
            .as(cell.key())
            .allSatisfy(n -> assertThat(n - mean).isBetween(-1.0 * CALLERS, 1.0 * CALLERS));
      }
    }
  }

  /** A stream is picked for once: a new pod gets a connection, and no stream that is open. */
  @Test
  void streamsAreNotBalanced() throws IOException {
    for (SummaryRow s : of("round-robin")) {
      if (cells.of(s.at()).protocol() == Protocol.GRPC_STREAM) {
        assertThat(answeredLater(s, step(s, EventStep.JOINED)).keySet())
            .doesNotContainAnyElementsOf(step(s, EventStep.JOINED).pods());
      }
    }
  }

  @Test
  void whoIsNotToldGoesOnWithWhatItKnew() throws IOException {
    for (SummaryRow s : of("round-robin,learning=once")) {
      assertThat(answeredLater(s, step(s, EventStep.JOINED)).keySet())
          .containsExactlyInAnyOrder("pod-1", "pod-2", "pod-3");
    }
  }

  private static double asked(SummaryRow s) throws IOException {
    return ended
        .folder()
        .repetition(s.at().cellId(), s.at().repetition())
        .rows(Tables.COUNTERS)
        .stream()
        .filter(c -> c.counter().equals("asked_count"))
        .mapToDouble(CounterRow::value)
        .sum();
  }

  /**
   * grpc-java asks for a name when a connection has ended, clients of HTTP when they pick a pod,
   * and neither while it keeps what it heard: pods that join stay unknown where nobody asks, and
   * where the answer is kept for longer.
   */
  @Test
  void whoAsksForANameKnowsNewPodsWhenItAsksAgain() throws IOException {
    for (String unknown :
        List.of(
            "round-robin,learning=dns,ttl=1s",
            "round-robin,learning=dns+max-age=1s,jitter=grpc,by=server",
            "least-request,learning=dns")) {
      for (SummaryRow s : of(unknown)) {
        assertThat(answeredLater(s, step(s, EventStep.JOINED)).keySet())
            .as(unknown)
            .containsExactlyInAnyOrder("pod-1", "pod-2", "pod-3");
      }
    }
    for (SummaryRow s : of("least-request,learning=dns,ttl=1s")) {
      assertThat(answeredLater(s, step(s, EventStep.JOINED))).hasSize(6);
    }
    for (SummaryRow s : of("round-robin,learning=dns,ttl=1s+max-age=1s,jitter=grpc,by=server")) {
      assertThat(answeredLater(s, step(s, EventStep.JOINED))).hasSize(6);
      assertThat(asked(s))
          .isGreaterThanOrEqualTo(
              asked(of("round-robin,learning=dns,ttl=1s").getFirst()) + CALLERS);
    }
  }

  /** Told before it ends, a client sends a pod nothing more. */
  @Test
  void aPodThatLeavesIsLeft() throws IOException {
    for (SummaryRow s : of("round-robin")) {
      if (!grows(s)) {
        EventRow left = step(s, EventStep.LEFT);
        Set<String> later = answeredLater(s, left).keySet();
        assertThat(later).as(cells.of(s.at()).key()).containsExactlyInAnyOrder("pod-1", "pod-2");
      }
    }
  }

  /**
   * Each client's own are even to within one, so all are to within as many as there are clients.
   */
  @Test
  void connectionsGoWhereTheClientHasFewest() throws IOException {
    for (SummaryRow s : of("least-connections")) {
      assertThat(
              ended.folder().rows(Tables.CONNECTIONS).stream()
                  .filter(c -> c.at().equals(s.at()))
                  .collect(Collectors.groupingBy(c -> c.pod().orElseThrow(), Collectors.counting()))
                  .values())
          .containsExactly(4L, 4L, 4L);
    }
  }
}
