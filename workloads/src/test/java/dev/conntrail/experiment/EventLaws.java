package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.record.Death;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunFolder;
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
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds of every event wherever a run makes rules itself, whatever its data plane. A run of
 * theirs has each kind at least once: pods that are killed, silenced and replaced are three, those
 * of a node that is drained four on two nodes; a scale-out brings three pods.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventLaws {
  private RunFolder folder;
  private RunCells cells;
  private Map<At, List<ConnectionRow>> ledger;
  private Map<At, List<EventRow>> events;
  private List<EffectRow> effects;

  /** Makes the run. */
  abstract RunFolder measured(Path results) throws Exception;

  @BeforeAll
  void run(@TempDir Path results) throws Exception {
    folder = measured(results);
    cells = RunCells.of(folder);
    ledger =
        folder.rows(Tables.CONNECTIONS).stream().collect(Collectors.groupingBy(ConnectionRow::at));
    events = folder.rows(Tables.EVENTS).stream().collect(Collectors.groupingBy(EventRow::at));
    effects = folder.rows(Tables.EFFECTS);
  }

  final RunFolder folder() {
    return folder;
  }

  final Cell cell(SummaryRow s) {
    return cells.of(s.at());
  }

  final List<ConnectionRow> ledger(SummaryRow s) {
    return ledger.get(s.at());
  }

  /** Of cells that have an event: the summaries of all. */
  final List<SummaryRow> of(EventKind kind) throws IOException {
    List<SummaryRow> of =
        folder.rows(Tables.SUMMARY).stream()
            .filter(s -> cell(s).course().events().stream().anyMatch(e -> e.kind() == kind))
            .toList();
    assertThat(of).as(kind.word()).isNotEmpty();
    return of;
  }

  final EffectRow effect(SummaryRow s, EventKind kind) {
    return effects.stream()
        .filter(e -> e.at().equals(s.at()) && e.cause().equals(Cause.of(kind)))
        .findFirst()
        .orElseThrow();
  }

  final List<EventRow> steps(SummaryRow s, EventStep step) {
    return events.get(s.at()).stream().filter(e -> e.step() == step).toList();
  }

  /** Connections to pods of a step that began when it was over. */
  final long later(SummaryRow s, EventRow step) {
    return ledger(s).stream().filter(on(step).and(c -> c.begunMs() > step.doneMs())).count();
  }

  static Predicate<ConnectionRow> on(EventRow step) {
    return c -> c.pod().filter(step.pods()::contains).isPresent();
  }

  /** Those on pods of a step that were open when it began, and that a client had. */
  private List<ConnectionRow> open(SummaryRow s, EventRow step) {
    return ledger(s).stream().filter(on(step).and(c -> c.bornMs() < step.begunMs())).toList();
  }

  /**
   * Whether rules had let go of each pod before it was told to end: its hook is longer than their
   * delay, but programs that write rules may be slow on a busy machine.
   */
  final boolean leftInTime(SummaryRow s) {
    return steps(s, EventStep.TOLD).stream()
        .allMatch(told ->
            steps(s, EventStep.LEFT).stream()
                .anyMatch(
                    left -> left.pods().equals(told.pods()) && left.doneMs() < told.begunMs()));
  }

  /**
   * Requests of a goodbye that may be lost, whoever says it in time. Nothing is answered after a
   * close frame, and a stream that goes on after GOAWAY is killed with its pod: what crosses that
   * is lost, one a connection.
   */
  private static long mayCross(Cell cell) {
    return switch (cell.protocol()) {
      case GRPC_STREAM, WEBSOCKET -> cell.connections();
      // both libraries refuse a stream on a connection that GOAWAY ended as it was picked, unless
      // they may retry (okhttp3.internal.http2.ConnectionShutdownException; "GOAWAY shut down
      // transport" of grpc-java): these cells let them
      case HTTP1, HTTP2, GRPC, SHORT_LIVED -> 0;
    };
  }

  /** What clients were told of requests that failed. */
  final String errors(SummaryRow s) throws IOException {
    return cell(s).protocol().word() + ": " + Runs.errors(folder, s);
  }

  static long lost(SummaryRow s) {
    return s.requests().failedCount() + s.requests().unansweredCount();
  }

  final List<SummaryRow> updated(PodEnding how) throws IOException {
    return of(EventKind.ROLLING_UPDATE).stream()
        .filter(s -> cell(s).key().contains("rolling-update=" + how.word()))
        .toList();
  }

  @Test
  void nothingIsLostFromSight() throws IOException {
    assertThat(folder.rows(Tables.DISAGREEMENTS)).isEmpty();
    assertThat(folder.rows(Tables.SUMMARY))
        .allSatisfy(s -> {
          String cell = cell(s).key();
          assertThat(s.marks()).as(cell).doesNotContain(Mark.NOT_ADDING_UP);
          assertThat(s.crossCheck().outcome()).as(cell).isEqualTo(Agreement.AGREE);
          assertThat(s.connections().straysCount()).as(cell).isZero();
          assertThat(ledger(s)).as(cell).hasSize((int) s.connections().openedCount());
        });
  }

  /**
   * Requests that are due around an event, and since, are answered, failed, or without an answer.
   */
  @Test
  void whatIsDueAroundEachEventIsAccountedFor() throws IOException {
    List<AroundRow> windows = Around.of(RunResults.read(folder)).windows();
    assertThat(windows.stream().map(AroundRow::event).distinct())
        .containsAll(folder.rows(Tables.EVENTS).stream().map(EventRow::event).distinct().toList());
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

  @Test
  void aKilledPodBreaksItsConnectionsAndAnotherTakesItsPlace() throws IOException {
    for (SummaryRow s : of(EventKind.KILL_POD)) {
      EventRow killed = steps(s, EventStep.KILLED).getFirst();
      assertThat(open(s, killed)).allMatch(c -> c.death().broken());
      assertThat(steps(s, EventStep.JOINED).getFirst().pods()).containsExactly("pod-4");
      EventRow left = steps(s, EventStep.LEFT).getFirst();
      assertThat(later(s, left)).isZero();
    }
  }

  /**
   * Each request is one, however often it was sent, and none is sent again unless that is asked.
   */
  @Test
  void nothingIsSentAgainUnlessThatIsAsked() throws IOException {
    assertThat(folder.rows(Tables.SUMMARY))
        .filteredOn(s -> cell(s).get(Axes.RETRIES) == Retries.OFF)
        .isNotEmpty()
        .allSatisfy(s -> assertThat(s.requests().retriedCount()).as(cell(s).key()).isZero());
  }

  /** A reply that had come before may be read later; what is sent later has none. */
  @Test
  void aPodWithoutPowerSaysNothing() throws IOException {
    for (SummaryRow s : of(EventKind.POWER_OFF)) {
      EventRow silenced = steps(s, EventStep.SILENCED).getFirst();
      List<ConnectionRow> open = open(s, silenced);
      assertThat(open)
          .noneMatch(c -> c.death() == Death.RESET || c.death() == Death.PEER_FIN)
          .allMatch(c -> c.lastRequestMs() <= silenced.doneMs());
      if (!open.isEmpty()) {
        assertThat(lost(s)).isPositive();
      }
    }
  }

  @Test
  void aPauseBreaksNothing() throws IOException {
    for (SummaryRow s : of(EventKind.PAUSE)) {
      EventRow paused = steps(s, EventStep.PAUSED).getFirst();
      assertThat(paused.doneMs() - paused.begunMs()).isGreaterThanOrEqualTo(700);
      assertThat(effect(s, EventKind.PAUSE).open().resetCount()).isZero();
      assertThat(lost(s)).as(errors(s)).isZero();
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
      folder.rows(Tables.DISTRIBUTION).stream()
          .filter(d -> d.at().equals(s.at()) && slowed.pods().contains(d.pod()))
          .filter(d -> d.requestsCount() > 0)
          .forEach(all::add);
    }
    assertThat(all).isNotEmpty().allMatch(d -> d.response().p50Ns() >= 4.9e6);
  }

  /** Nobody comes to a pod that ends, and servers say goodbye: no request is lost. */
  @Test
  void aRollingUpdateReplacesAllPods() throws IOException {
    for (SummaryRow s : updated(PodEnding.GOODBYE)) {
      Protocol protocol = cell(s).protocol();
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
        assertThat(lost(s)).as(errors(s)).isLessThanOrEqualTo(mayCross(cell(s)));
      }
      for (EventRow left : steps(s, EventStep.LEFT)) {
        assertThat(later(s, left)).as(protocol.word()).isZero();
      }
    }
  }

  @Test
  void podsOfADrainedNodeComeElsewhere() throws IOException {
    for (SummaryRow s : of(EventKind.DRAIN_NODE)) {
      assertThat(steps(s, EventStep.LEFT).getFirst().pods()).containsExactly("pod-1", "pod-3");
      assertThat(steps(s, EventStep.JOINED).getFirst().pods()).containsExactly("pod-6", "pod-8");
      if (leftInTime(s)) {
        assertThat(lost(s)).as(errors(s)).isLessThanOrEqualTo(mayCross(cell(s)));
      }
    }
  }

  /** Without a cure, as long as it is watched: what is open goes on where it is. */
  @Test
  void podsThatComeGetNothingOfOlderConnections() throws IOException {
    for (SummaryRow s : of(EventKind.SCALE)) {
      EventRow joined = steps(s, EventStep.JOINED).getFirst();
      assertThat(joined.pods()).as(cell(s).key()).hasSize(3);
      assertThat(ledger(s))
          .as(cell(s).key())
          .filteredOn(c -> c.begunMs() < joined.begunMs() && c.lastRequestMs() > joined.doneMs())
          .isNotEmpty()
          .noneMatch(on(joined));
    }
  }

  /** Rules alone change, and what is open goes on. */
  final void staysWhereItIs(EventKind kind) throws IOException {
    for (SummaryRow s : of(kind)) {
      EffectRow.Fate open = effect(s, kind).open();
      assertThat(open.count()).as(cell(s).key()).isPositive();
      assertThat(open.keptCount()).as(cell(s).key()).isEqualTo(open.count());
    }
  }

  /** What was added while there was no proxy joins when there is one again. */
  @Test
  void aProxyThatIsAwayFollowsLaterAndNothingBreaks() throws IOException {
    staysWhereItIs(EventKind.RESTART_PROXY);
    for (SummaryRow s : of(EventKind.RESTART_PROXY)) {
      EventRow written = steps(s, EventStep.RULES_WRITTEN).getFirst();
      EventRow joined = steps(s, EventStep.JOINED).getFirst();
      assertThat(written.begunMs() - steps(s, EventStep.PROXY_ENDED).getFirst().begunMs())
          .isGreaterThanOrEqualTo(300);
      assertThat(joined.begunMs()).isGreaterThanOrEqualTo(written.doneMs());
      assertThat(Set.copyOf(joined.pods())).hasSize(1);
    }
  }
}
