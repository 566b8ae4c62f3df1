package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.record.Death;
import dev.conntrail.record.Replies;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RequestsDue;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import dev.conntrail.spec.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of event on the real kernel. Where it is the protocol that answers (a pod that is
 * killed, falls silent, says goodbye) with every one that lives long; where rules and the kernel
 * alone do, with two or three, all of them in turn.
 */
@Privileged
class EventsTest {
  private static final String YAML =
      """
      experiment: events
      testbed: netns
      seed: 3
      phases: {warmup: 300ms, measure: 3s, drain: 20s}
      matrix:
        - {data-plane: nftables, protocol: [http1, http2, grpc, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, kill-pod: 1, rules-after: 200ms, ready-after: 300ms}]}
        - {data-plane: nftables, protocol: [http1, grpc], retries: library, connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, kill-pod: 1, rules-after: 200ms, ready-after: 300ms}]}
        - {data-plane: nftables, protocol: [http1, http2, grpc, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           phases: {drain: 1s}, events: [{at: 500ms, power-off: 1}]}
        - {data-plane: nftables, protocol: http1, connections: 12, pods: 3, rate: 240, tcp-retries: 2,
           phases: {drain: 8s}, events: [{at: 500ms, power-off: 1}]}
        - {data-plane: nftables, protocol: http2, connections: 12, pods: 3, rate: 240, keep-alive: ping,
           phases: {drain: 8s}, events: [{at: 500ms, power-off: 1}]}
        - {data-plane: nftables, protocol: [http1, grpc, websocket], connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, pause: 1, for: 700ms}, {at: 1500ms, slow-pod: 1, cpu: 5ms}]}
        - {data-plane: iptables, protocol: [http1, http2, grpc, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           phases: {measure: 4s},
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 1600ms}]}
        - {data-plane: nftables, protocol: [http1, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           phases: {measure: 4s},
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 1600ms}]}
        - {data-plane: nftables, protocol: [http1, grpc], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 600ms, grace: 1200ms}]}
        - {data-plane: nftables, protocol: http1, connections: 24, pods: 3, rate: 240, opening: spread,
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 0, max-unavailable: 3, ready-after: 1s, rules-after: 100ms, pre-stop: 1800ms, grace: 2200ms}]}
        - {data-plane: nftables, protocol: [http1, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           events: [{at: 300ms, rolling-update: exit, max-surge: 3, ready-after: 100ms, rules-after: 1s}]}
        - {data-plane: iptables, protocol: [http1, grpc, websocket], connections: 12, pods: 3, rate: 240, opening: spread,
           events: [{at: 300ms, scale: 6, ready-after: 100ms, rules-after: 100ms}, {at: 2s, scale: 2, rules-after: 100ms, pre-stop: 200ms, on-term: goodbye}]}
        - {data-plane: iptables, protocol: http1, connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, restart-proxy: 300ms}, {at: 400ms, add-endpoints: 1}]}
        - {data-plane: nftables, protocol: [grpc, websocket], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, restart-proxy: 300ms}, {at: 400ms, add-endpoints: 1}]}
        - {data-plane: iptables, protocol: [http1, websocket], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 1s, change-mode: nftables}]}
        - {data-plane: nftables, protocol: [http2, grpc-stream], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 1s, change-mode: iptables}]}
        - {data-plane: nftables, protocol: http1, connections: 12, pods: 4, rate: 240, phases: {measure: 2s},
           events: [{at: 300ms, remove-endpoints: 1}, {at: 900ms, delete-endpoints: 1}]}
        - {data-plane: iptables, protocol: grpc, connections: 12, pods: 4, rate: 240, phases: {measure: 2s},
           events: [{at: 300ms, remove-endpoints: 1}, {at: 900ms, delete-endpoints: 1}]}
        - {data-plane: iptables, protocol: [http1, grpc-stream], connections: 12, pods: 4, clients: 2, nodes: 2, rate: 240, opening: spread,
           events: [{at: 300ms, drain-node: 1, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, on-term: goodbye}]}
      """;

  @TempDir private static Path results;
  private static ExperimentRun.Ended ended;
  private static RunCells cells;
  private static Map<At, List<ConnectionRow>> ledger;
  private static Map<At, List<EventRow>> events;
  private static List<EffectRow> effects;

  @BeforeAll
  static void run() throws IOException {
    ended = Runs.run(results, YAML, "");
    cells = RunCells.of(ended.folder());
    ledger =
        ended.folder().rows(Tables.CONNECTIONS).stream()
            .collect(Collectors.groupingBy(ConnectionRow::at));
    events =
        ended.folder().rows(Tables.EVENTS).stream().collect(Collectors.groupingBy(EventRow::at));
    effects = ended.folder().rows(Tables.EFFECTS);
  }

  /** Of cells that have an event: the summaries of all. */
  private static List<SummaryRow> of(EventKind kind) throws IOException {
    List<SummaryRow> of =
        Runs.summaries(ended).stream()
            .filter(
                s -> cells.of(s.at()).course().events().stream().anyMatch(e -> e.kind() == kind))
            .toList();
    assertThat(of).isNotEmpty();
    return of;
  }

  private static EffectRow effect(SummaryRow s, EventKind kind) {
    return effects.stream()
        .filter(e -> e.at().equals(s.at()) && e.cause().equals(Cause.of(kind)))
        .findFirst()
        .orElseThrow();
  }

  private static List<EventRow> steps(SummaryRow s, EventStep step) {
    return events.get(s.at()).stream().filter(e -> e.step() == step).toList();
  }

  /** Connections to pods of a step that began when it was over. */
  private static long later(SummaryRow s, EventRow step) {
    Set<String> pods = Set.copyOf(step.pods());
    return ledger.get(s.at()).stream()
        .filter(c -> c.begunMs() > step.doneMs() && c.pod().filter(pods::contains).isPresent())
        .count();
  }

  private static Predicate<ConnectionRow> on(EventRow step) {
    return c -> c.pod().filter(step.pods()::contains).isPresent();
  }

  @Test
  void nothingIsLostFromSight() throws IOException {
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.folder().rows(Tables.DISAGREEMENTS)).isEmpty();
    assertThat(Runs.summaries(ended))
        .allSatisfy(s -> {
          Cell cell = cells.of(s.at());
          assertThat(s.marks()).as(cell.key()).doesNotContain(Mark.NOT_ADDING_UP);
          assertThat(s.crossCheck().outcome()).as(cell.key()).isEqualTo(Agreement.AGREE);
          assertThat(s.connections().straysCount()).as(cell.key()).isZero();
        });
  }

  /**
   * Requests that are due around an event, and since, are answered, failed, or without an answer.
   */
  @Test
  void whatIsDueAroundEachEventIsAccountedFor() throws IOException {
    RunResults run = RunResults.read(ended.folder());
    List<AroundRow> windows = Around.of(run).windows();
    assertThat(windows.stream().map(AroundRow::event).distinct())
        .containsAll(
            ended.folder().rows(Tables.EVENTS).stream().map(EventRow::event).distinct().toList());
    assertThat(windows)
        .allSatisfy(w -> {
          RequestsDue due = w.due();
          assertThat(due.count().orElseThrow())
              .as(w.event() + " " + w.window() + " of " + cells.of(w.at()).key())
              .isEqualTo(w.response().count())
              .isEqualTo(
                  due.answeredCount().orElseThrow()
                      + due.failedCount().orElseThrow()
                      + due.unansweredCount().orElseThrow());
        })
        .anyMatch(w -> w.due().failedCount().orElseThrow() > 0)
        .anyMatch(w -> w.due().unansweredCount().orElseThrow() > 0);
  }

  /** What either mode sent is in conntrack, and no change between them takes it from there. */
  @Test
  void theKernelIsAWitnessOfAChangeOfMode() throws IOException {
    assertThat(of(EventKind.CHANGE_MODE))
        .allSatisfy(s -> assertThat(s.crossCheck().kernel()).as(cells.of(s.at()).key()).isTrue());
  }

  @Test
  void aKilledPodBreaksItsConnectionsAndAnotherTakesItsPlace() throws IOException {
    for (SummaryRow s : of(EventKind.KILL_POD)) {
      EventRow killed = steps(s, EventStep.KILLED).getFirst();
      List<ConnectionRow> open =
          ledger.get(s.at()).stream()
              .filter(on(killed).and(c -> c.bornMs() < killed.begunMs()))
              .toList();
      assertThat(open).allMatch(c -> c.death().broken());
      assertThat(steps(s, EventStep.JOINED).getFirst().pods()).containsExactly("pod-4");
      EventRow left = steps(s, EventStep.LEFT).getFirst();
      assertThat(later(s, left)).isZero();
    }
  }

  /**
   * Each request is one, however often it was sent, and none is sent again unless that is asked.
   */
  @Test
  void whatLibrariesSendAgainIsCountedAsThat() throws IOException {
    for (SummaryRow s : Runs.summaries(ended)) {
      Cell cell = cells.of(s.at());
      if (cell.get(Axes.RETRIES) == Retries.OFF) {
        assertThat(s.requests().retriedCount()).as(cell.key()).isZero();
      } else if (cell.protocol() == Protocol.HTTP1) {
        // OkHttp learns that a connection has ended by the next request on it, which it sends
        // on a new one, or one more, unless nobody takes that
        EffectRow.Fate open = effect(s, EventKind.KILL_POD).open();
        long broken = open.resetCount() + open.closedCount();
        assertThat(s.requests().retriedCount())
            .as(cell.key())
            .isBetween(broken - s.requests().failedCount(), 2 * broken);
      }
    }
  }

  /** A reply that had come before may be read later; what is sent later has none. */
  @Test
  void aPodWithoutPowerSaysNothing() throws IOException {
    for (SummaryRow s : of(EventKind.POWER_OFF)) {
      EventRow silenced = steps(s, EventStep.SILENCED).getFirst();
      List<ConnectionRow> open =
          ledger.get(s.at()).stream()
              .filter(on(silenced).and(c -> c.bornMs() < silenced.begunMs()))
              .toList();
      assertThat(open)
          .noneMatch(c -> c.death() == Death.RESET || c.death() == Death.PEER_FIN)
          .allMatch(c -> c.lastRequestMs() <= silenced.doneMs());
      if (!open.isEmpty()) {
        assertThat(lost(s)).isPositive();
      }
    }
  }

  /**
   * The kernel gives up no sooner than it has sent data again as often as it may, after 200 ms and
   * twice as long each time ({@code tcp_model_timeout}); pings when one has had no answer for 1 s.
   */
  @Test
  void aPodWithoutPowerIsKnownByTheKernelsTimeOutOrByPings() throws IOException {
    for (SummaryRow s : of(EventKind.POWER_OFF)) {
      Cell cell = cells.of(s.at());
      boolean kernel = cell.find(Setting.TCP_RETRIES).isPresent();
      if (kernel || cell.keepAlive() == KeepAlive.PING) {
        EventRow silenced = steps(s, EventStep.SILENCED).getFirst();
        assertThat(ledger.get(s.at()))
            .filteredOn(on(silenced).and(c -> c.bornMs() < silenced.begunMs()))
            .as(cell.key())
            .allMatch(c -> c.death() == Death.TIMED_OUT)
            .allMatch(c -> c.diedMs() - silenced.begunMs() >= (kernel ? 1400 : 1000));
      }
    }
  }

  @Test
  void aPauseBreaksNothing() throws IOException {
    for (SummaryRow s : of(EventKind.PAUSE)) {
      EventRow paused = steps(s, EventStep.PAUSED).getFirst();
      assertThat(paused.doneMs() - paused.begunMs()).isGreaterThanOrEqualTo(700);
      assertThat(effect(s, EventKind.PAUSE).open().resetCount()).isZero();
      assertThat(s.requests().failedCount()).isZero();
      assertThat(s.requests().unansweredCount()).isZero();
    }
  }

  /**
   * Whether rules had let go of each pod before it was told to end: its hook is longer than their
   * delay, but programs that write rules may be slow on a busy machine.
   */
  private static boolean leftInTime(SummaryRow s) {
    return steps(s, EventStep.TOLD).stream()
        .allMatch(told ->
            steps(s, EventStep.LEFT).stream()
                .anyMatch(
                    left -> left.pods().equals(told.pods()) && left.doneMs() < told.begunMs()));
  }

  /** Nobody comes to a pod that ends, and servers say goodbye: no request is lost. */
  @Test
  void aRollingUpdateReplacesAllPods() throws IOException {
    for (SummaryRow s : updated(PodEnding.GOODBYE)) {
      Protocol protocol = cells.of(s.at()).protocol();
      assertThat(steps(s, EventStep.LEFT).stream().flatMap(e -> e.pods().stream()))
          .as(protocol.word())
          .containsExactlyInAnyOrder("pod-1", "pod-2", "pod-3");
      assertThat(steps(s, EventStep.JOINED).stream().flatMap(e -> e.pods().stream()))
          .containsExactlyInAnyOrder("pod-4", "pod-5", "pod-6");
      // GOAWAY lets streams in flight go on, and this one never ends: it is killed in the end
      assertThat(steps(s, protocol == Protocol.GRPC_STREAM ? EventStep.KILLED : EventStep.ENDED))
          .as(protocol.word())
          .isNotEmpty();
      if (leftInTime(s)) {
        assertThat(lost(s)).as(errors(s)).isLessThanOrEqualTo(mayCross(protocol));
      }
      for (EventRow left : steps(s, EventStep.LEFT)) {
        assertThat(later(s, left)).as(protocol.word()).isZero();
      }
    }
  }

  /** While no pod is ready rules lead to those that serve and end ({@code ServiceRules}). */
  @Test
  void whileNoneIsReadyNewConnectionsGoToPodsThatEnd() throws IOException {
    SummaryRow s =
        updated(PodEnding.GOODBYE, "max-unavailable=3").stream().findFirst().orElseThrow();
    EventRow joined = steps(s, EventStep.JOINED).getFirst();
    List<EventRow> left = steps(s, EventStep.LEFT);
    assertThat(left).hasSize(3).allMatch(e -> e.begunMs() >= joined.begunMs());
    // rules were to follow 100 ms after the event, and had time to
    assertThat(ledger.get(s.at()))
        .filteredOn(c -> c.begunMs() > left.getFirst().askedMs() + 500)
        .filteredOn(c -> c.begunMs() < joined.begunMs())
        .isNotEmpty()
        .allMatch(c -> c.pod().filter(List.of("pod-1", "pod-2", "pod-3")::contains).isPresent());
  }

  /** Without a cure, as long as it is watched: what is open goes on where it is. */
  @Test
  void podsThatComeGetNothingOfOlderConnections() throws IOException {
    for (SummaryRow s : of(EventKind.SCALE)) {
      EventRow joined = steps(s, EventStep.JOINED).getFirst();
      assertThat(joined.pods()).as(cells.of(s.at()).key()).hasSize(3);
      assertThat(ledger.get(s.at()))
          .as(cells.of(s.at()).key())
          .filteredOn(c -> c.begunMs() < joined.begunMs() && c.lastRequestMs() > joined.doneMs())
          .isNotEmpty()
          .noneMatch(on(joined));
    }
  }

  /**
   * Of its requests some are due in the pause, and half when each answer takes 5 ms of its CPU. In
   * one cell it may have drawn no connection.
   */
  @Test
  void aPodWhoseCpuIsTakenAnswersNoSooner() throws IOException {
    List<DistributionRow> all = new ArrayList<>();
    for (SummaryRow s : of(EventKind.SLOW_POD)) {
      EventRow slowed = steps(s, EventStep.SLOWED).getFirst();
      ended.folder().rows(Tables.DISTRIBUTION).stream()
          .filter(d -> d.at().equals(s.at()) && slowed.pods().contains(d.pod()))
          .filter(d -> d.requestsCount() > 0)
          .forEach(all::add);
    }
    assertThat(all).isNotEmpty().allMatch(d -> d.response().p50Ns() >= 4.9e6);
  }

  /**
   * The hook is longer than the delay of rules, so nobody comes to a server that waits for its end;
   * clients that keep their connections lose what is under way when its grace is over.
   */
  @Test
  void whoDrainsAfterRulesLetGoLosesOnlyWhatIsUnderWayWhenKilled() throws IOException {
    for (SummaryRow s : updated(PodEnding.DRAIN, "pre-stop=1000ms")) {
      String cell = cells.of(s.at()).key();
      double killed =
          steps(s, EventStep.KILLED).stream().mapToDouble(EventRow::begunMs).min().orElseThrow();
      assertThat(ledger.get(s.at()).stream().filter(c -> c.death().broken()))
          .as(cell)
          .isNotEmpty()
          .allMatch(c -> c.diedMs() >= killed);
      if (leftInTime(s)) {
        assertThat(lost(s)).as(cell).isLessThanOrEqualTo(cells.of(s.at()).connections());
        assertThat(ended.folder().rows(Tables.PODS_OVER_TIME))
            .filteredOn(b -> b.at().equals(s.at()) && b.failedCount() > 0)
            .as(cell)
            .allMatch(b -> b.atMs() + Replies.BIN_MS > killed);
      }
    }
  }

  /**
   * Without the hook rules go on to send connections to servers that accept no more: these are
   * refused, until rules have new pods. Connections that servers have go on until they are killed.
   */
  @Test
  void whoDrainsWithoutAHookLosesWhoComesBeforeRulesLetGo() throws IOException {
    List<SummaryRow> hookless = updated(PodEnding.DRAIN, "pre-stop=0ms");
    assertThat(hookless).hasSize(2);
    for (SummaryRow s : hookless) {
      String cell = cells.of(s.at()).key();
      assertThat(s.requests().failedCount()).as(cell).isPositive();
      for (EventRow told : steps(s, EventStep.TOLD)) {
        assertThat(later(s, told)).as(cell).isZero();
      }
    }
  }

  /** Rules go on to send connections to servers that are no more. */
  @Test
  void whoJustExitsLosesRequests() throws IOException {
    assertThat(updated(PodEnding.EXIT))
        .allSatisfy(s -> assertThat(lost(s)).as(cells.of(s.at()).key()).isPositive());
  }

  /** Nothing is answered after a close frame: what crosses it is lost, one a connection. */
  private static long mayCross(Protocol protocol) {
    return switch (protocol) {
      case GRPC_STREAM, WEBSOCKET -> 12;
      // both libraries refuse a stream on a connection that GOAWAY ended as it was picked, unless
      // they may retry (okhttp3.internal.http2.ConnectionShutdownException; "GOAWAY shut down
      // transport" of grpc-java)
      case HTTP2, GRPC -> 3;
      case HTTP1, SHORT_LIVED -> 0;
    };
  }

  /** What clients were told of requests that failed. */
  private static String errors(SummaryRow s) throws IOException {
    return cells.of(s.at()).protocol().word() + ": " + Runs.errors(ended, s);
  }

  private static long lost(SummaryRow s) {
    return s.requests().failedCount() + s.requests().unansweredCount();
  }

  private static List<SummaryRow> updated(PodEnding how) throws IOException {
    return updated(how, "");
  }

  private static List<SummaryRow> updated(PodEnding how, String hook) throws IOException {
    return of(EventKind.ROLLING_UPDATE).stream()
        .filter(s -> cells.of(s.at()).key().contains("rolling-update=" + how.word()))
        .filter(s -> cells.of(s.at()).key().contains(hook))
        .toList();
  }

  @Test
  void openConnectionsStayWhereTheyAre() throws IOException {
    for (EventKind kind :
        List.of(
            EventKind.RESTART_PROXY,
            EventKind.CHANGE_MODE,
            EventKind.ADD_ENDPOINTS,
            EventKind.REMOVE_ENDPOINTS,
            EventKind.DELETE_ENDPOINTS)) {
      for (SummaryRow s : of(kind)) {
        EffectRow.Fate open = effect(s, kind).open();
        assertThat(open.count()).as(cells.of(s.at()).key()).isPositive();
        assertThat(open.keptCount()).as(cells.of(s.at()).key()).isEqualTo(open.count());
      }
    }
  }

  /** What was added while there was no proxy joins when there is one again. */
  @Test
  void aProxyThatIsAwayFollowsLater() throws IOException {
    for (SummaryRow s : of(EventKind.RESTART_PROXY)) {
      EventRow written = steps(s, EventStep.RULES_WRITTEN).getFirst();
      EventRow joined = steps(s, EventStep.JOINED).getFirst();
      assertThat(written.begunMs() - steps(s, EventStep.PROXY_ENDED).getFirst().begunMs())
          .isGreaterThanOrEqualTo(300);
      assertThat(joined.begunMs()).isGreaterThanOrEqualTo(written.doneMs());
    }
  }

  @Test
  void podsOfADrainedNodeComeElsewhere() throws IOException {
    for (SummaryRow s : of(EventKind.DRAIN_NODE)) {
      assertThat(steps(s, EventStep.LEFT).getFirst().pods()).containsExactly("pod-1", "pod-3");
      assertThat(steps(s, EventStep.JOINED).getFirst().pods()).containsExactly("pod-6", "pod-8");
      Protocol protocol = cells.of(s.at()).protocol();
      if (leftInTime(s)) {
        assertThat(lost(s)).as(errors(s)).isLessThanOrEqualTo(mayCross(protocol));
      }
    }
  }
}
