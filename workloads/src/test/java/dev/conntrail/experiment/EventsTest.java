package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.record.Death;
import dev.conntrail.record.Replies;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of event on the real kernel. Where it is the protocol that answers (a pod that is
 * killed, falls silent, says goodbye) with every one that lives long; where rules and the kernel
 * alone do, with two or three, all of them in turn.
 */
@Privileged
class EventsTest extends EventLaws {
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
        - {data-plane: iptables, protocol: [http1, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           phases: {measure: 4s},
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 1600ms}]}
        - {data-plane: iptables, protocol: [http2, grpc], retries: library, connections: 12, pods: 3, rate: 240,
           phases: {measure: 4s},
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 1600ms}]}
        - {data-plane: nftables, protocol: [http1, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           phases: {measure: 4s},
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 1600ms}]}
        - {data-plane: nftables, protocol: [http1, http2, grpc, grpc-stream, websocket], cure: "max-age=500ms", connections: 12, pods: 3, rate: 240,
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 8s}]}
        - {data-plane: iptables, protocol: short-lived, connections: 12, pods: 3, rate: 240,
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, grace: 8s}]}
        - {data-plane: nftables, protocol: [http1, grpc], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, rolling-update: drain, max-surge: 3, ready-after: 100ms, rules-after: 600ms, grace: 1200ms}]}
        - {data-plane: nftables, protocol: http1, connections: 24, pods: 3, rate: 240, opening: spread,
           events: [{at: 300ms, rolling-update: goodbye, max-surge: 0, max-unavailable: 3, ready-after: 1s, rules-after: 100ms, pre-stop: 1800ms, grace: 2200ms}]}
        - {data-plane: nftables, protocol: [http1, grpc-stream, websocket], connections: 12, pods: 3, rate: 240,
           events: [{at: 300ms, rolling-update: exit, max-surge: 3, ready-after: 100ms, rules-after: 1s}]}
        - {data-plane: iptables, protocol: [http1, grpc], connections: 12, pods: 3, rate: 240, opening: spread,
           events: [{at: 300ms, scale: 6, ready-after: 100ms, rules-after: 100ms}, {at: 2s, scale: 2, rules-after: 100ms, pre-stop: 200ms, on-term: goodbye}]}
        - {data-plane: nftables, protocol: [http2, websocket], connections: 12, pods: 3, rate: 240, opening: spread,
           events: [{at: 300ms, scale: 6, ready-after: 100ms, rules-after: 100ms}, {at: 2s, scale: 2, rules-after: 100ms, pre-stop: 200ms, on-term: goodbye}]}
        - {data-plane: iptables, protocol: http1, connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, restart-proxy: 300ms}, {at: 400ms, add-endpoints: 1}]}
        - {data-plane: nftables, protocol: [grpc, websocket], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 300ms, restart-proxy: 300ms}, {at: 400ms, add-endpoints: 1}]}
        - {data-plane: iptables, protocol: [http1, websocket], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 1s, change-mode: nftables}]}
        - {data-plane: nftables, protocol: [http2, grpc-stream], connections: 12, pods: 3, rate: 240, opening: spread, phases: {measure: 2s},
           events: [{at: 1s, change-mode: iptables}]}
        - {data-plane: nftables, protocol: http1, connections: 24, pods: 4, rate: 240, phases: {measure: 2s},
           events: [{at: 300ms, remove-endpoints: 1}, {at: 900ms, delete-endpoints: 1}]}
        - {data-plane: iptables, protocol: grpc, connections: 24, pods: 4, rate: 240, phases: {measure: 2s},
           events: [{at: 300ms, remove-endpoints: 1}, {at: 900ms, delete-endpoints: 1}]}
        - {data-plane: iptables, protocol: [http1, grpc-stream], connections: 12, pods: 4, clients: 2, nodes: 2, rate: 240, opening: spread,
           events: [{at: 300ms, drain-node: 1, ready-after: 100ms, rules-after: 100ms, pre-stop: 1s, on-term: goodbye}]}
      """;

  @Override
  RunFolder measured(Path results) throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, YAML, "");
    assertThat(ended.failures()).isEmpty();
    return ended.folder();
  }

  /** What either mode sent is in conntrack, and no change between them takes it from there. */
  @Test
  void theKernelIsAWitnessOfAChangeOfMode() throws IOException {
    assertThat(of(EventKind.CHANGE_MODE))
        .allSatisfy(s -> assertThat(s.crossCheck().kernel()).as(cell(s).key()).isTrue());
  }

  /**
   * OkHttp learns that a connection has ended by the next request on it, which it sends on a new
   * one, or one more, unless nobody takes that.
   */
  @Test
  void whatLibrariesSendAgainIsCountedAsThat() throws IOException {
    assertThat(of(EventKind.KILL_POD))
        .filteredOn(s -> cell(s).get(Axes.RETRIES) != Retries.OFF)
        .filteredOn(s -> cell(s).protocol() == Protocol.HTTP1)
        .singleElement()
        .satisfies(s -> {
          EffectRow.Fate open = effect(s, EventKind.KILL_POD).open();
          long broken = open.resetCount() + open.closedCount();
          assertThat(s.requests().retriedCount())
              .isBetween(broken - s.requests().failedCount(), 2 * broken);
        });
  }

  /**
   * The kernel gives up no sooner than it has sent data again as often as it may, after 200 ms and
   * twice as long each time ({@code tcp_model_timeout}); pings when one has had no answer for 1 s.
   */
  @Test
  void aPodWithoutPowerIsKnownByTheKernelsTimeOutOrByPings() throws IOException {
    for (SummaryRow s : of(EventKind.POWER_OFF)) {
      Cell cell = cell(s);
      boolean kernel = cell.find(Setting.TCP_RETRIES).isPresent();
      if (kernel || cell.keepAlive() == KeepAlive.PING) {
        EventRow silenced = steps(s, EventStep.SILENCED).getFirst();
        assertThat(ledger(s))
            .filteredOn(on(silenced).and(c -> c.bornMs() < silenced.begunMs()))
            .as(cell.key())
            .allMatch(c -> c.death() == Death.TIMED_OUT)
            .allMatch(c -> c.diedMs() - silenced.begunMs() >= (kernel ? 1400 : 1000));
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
    assertThat(ledger(s))
        .filteredOn(c -> c.begunMs() > left.getFirst().askedMs() + 500)
        .filteredOn(c -> c.begunMs() < joined.begunMs())
        .isNotEmpty()
        .allMatch(c -> c.pod().filter(List.of("pod-1", "pod-2", "pod-3")::contains).isPresent());
  }

  /**
   * The hook is longer than the delay of rules, so nobody comes to a server that waits for its end;
   * clients that keep their connections lose what is under way when its grace is over.
   */
  @Test
  void whoDrainsAfterRulesLetGoLosesOnlyWhatIsUnderWayWhenKilled() throws IOException {
    for (SummaryRow s : updated(PodEnding.DRAIN, "grace=1600ms")) {
      String cell = cell(s).key();
      double killed =
          steps(s, EventStep.KILLED).stream().mapToDouble(EventRow::begunMs).min().orElseThrow();
      assertThat(ledger(s).stream().filter(c -> c.death().broken()))
          .as(cell)
          .isNotEmpty()
          .allMatch(c -> c.diedMs() >= killed);
      if (leftInTime(s)) {
        assertThat(lost(s)).as(cell).isLessThanOrEqualTo(cell(s).connections());
        assertThat(folder().rows(Tables.PODS_OVER_TIME))
            .filteredOn(b -> b.at().equals(s.at()) && b.failedCount() > 0)
            .as(cell)
            .allMatch(b -> b.atMs() + Replies.BIN_MS > killed);
      }
    }
  }

  /**
   * Clients that give their connections up have left such a server before its grace is over, in
   * every protocol, and nothing is lost.
   */
  @Test
  void whoDrainsAfterRulesLetGoLosesNothingOfClientsThatLeave() throws IOException {
    List<SummaryRow> drained = updated(PodEnding.DRAIN, "grace=8000ms");
    assertThat(drained.stream().map(s -> cell(s).protocol()))
        .containsExactlyInAnyOrder(Protocol.values());
    for (SummaryRow s : drained) {
      String cell = cell(s).key();
      assertThat(steps(s, EventStep.ENDED).stream().flatMap(e -> e.pods().stream()))
          .as(cell)
          .containsExactlyInAnyOrder("pod-1", "pod-2", "pod-3");
      assertThat(ledger(s)).as(cell).noneMatch(c -> c.death().broken());
      if (leftInTime(s)) {
        assertThat(lost(s)).as(errors(s)).isZero();
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
      String cell = cell(s).key();
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
        .allSatisfy(s -> assertThat(lost(s)).as(cell(s).key()).isPositive());
  }

  private List<SummaryRow> updated(PodEnding how, String hook) throws IOException {
    return updated(how).stream().filter(s -> cell(s).key().contains(hook)).toList();
  }

  @Test
  void openConnectionsStayWhereTheyAre() throws IOException {
    staysWhereItIs(EventKind.CHANGE_MODE);
    staysWhereItIs(EventKind.ADD_ENDPOINTS);
  }

  /** Those of endpoints that leave too: they go on there, and nobody comes to them. */
  @ParameterizedTest
  @EnumSource(names = {"REMOVE_ENDPOINTS", "DELETE_ENDPOINTS"})
  void endpointsThatLeaveKeepTheirConnections(EventKind kind) throws IOException {
    staysWhereItIs(kind);
    for (SummaryRow s : of(kind)) {
      EffectRow effect = effect(s, kind);
      assertThat(effect.leaving().count()).as(cell(s).key()).isPositive();
      assertThat(effect.leaving().keptCount())
          .as(cell(s).key())
          .isEqualTo(effect.leaving().count());
      for (EventRow left : steps(s, EventStep.LEFT)) {
        assertThat(later(s, left)).as(cell(s).key()).isZero();
        assertThat(ledger(s))
            .as(cell(s).key())
            .filteredOn(on(left))
            .allMatch(c -> c.lastRequestMs() > left.doneMs());
      }
    }
  }
}
