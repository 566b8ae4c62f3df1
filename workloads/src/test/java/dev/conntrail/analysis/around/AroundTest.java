package dev.conntrail.analysis.around;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.record.Death;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.RequestsDue;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is worked out of ledgers and bins that are literal: ten seconds, an event at 2 s. */
class AroundTest {
  private static final String PHASES = "phases: {warmup: 1s, measure: 9s}, rate: 40";

  @TempDir private Path folder;

  private TestRun scaled() throws IOException {
    return TestRun.ofCells(
        folder, "pods: 2, connections: 400, " + PHASES + ", events: [{at: 1s, add-endpoints: 1}]");
  }

  private TestRun shrunk() throws IOException {
    return TestRun.ofCells(
        folder, "pods: 2, connections: 4, " + PHASES + ", events: [{at: 1s, remove-endpoints: 1}]");
  }

  /** Answers of a pod in each bin. */
  private static void answers(TestRepetition r, int pod, int fromMs, int toMs, long each) {
    for (int ms = fromMs; ms < toMs; ms += 100) {
      r.bin(ms, pod, each, 1);
    }
  }

  private static Around of(TestRun run) throws IOException {
    return Around.of(run.fill().read());
  }

  @Test
  void windowsTellWhatAnAutoscalerWouldChoose() throws IOException {
    TestRun run = scaled();
    TestRepetition r = run.repetition(1).event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3");
    answers(r, 1, 0, 10_000, 3);
    answers(r, 2, 0, 10_000, 1);
    Around around = of(run);
    assertThat(around.windows())
        .extracting(AroundRow::window, AroundRow::fromMs, AroundRow::toMs, AroundRow::answeredCount)
        .containsExactly(
            tuple(Window.BEFORE, 1000.0, 2000.0, 40L),
            tuple(Window.DURING, 2000.0, 2100.0, 4L),
            tuple(Window.AFTER, 2100.0, 3100.0, 40L),
            tuple(Window.SINCE, 2000.0, 10_000.0, 320L));
    assertThat(around.windows().get(0).pods())
        .isEqualTo(new AroundRow.Pods(2, 20, 30, Optional.of(2), Optional.of(3)));
    // the new pod has nothing: the mean is 13.3, the hottest as hot as before
    assertThat(around.windows().get(2).pods().replicasByMeanCount()).hasValue(2);
    assertThat(around.windows().get(2).pods().replicasByHottestCount()).hasValue(5);
    assertThat(around.windows().get(2).response().censoredCount()).as("not recorded").isEmpty();
    assertThat(around.windows().get(2).due()).as("not recorded").isEqualTo(RequestsDue.UNKNOWN);
  }

  @Test
  void windowsTellWhatBecameOfWhatWasDueInThem() throws IOException {
    TestRun run = scaled();
    TestRepetition r = run.repetition(1).event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3");
    answers(r, 1, 0, 10_000, 3);
    r.due(1000, 4, 0, 0)
        .due(1900, 3, 1, 0)
        .due(2000, 1, 2, 1)
        .due(3000, 0, 0, 4)
        .due(3100, 4, 0, 0);
    assertThat(of(run).windows())
        .extracting(AroundRow::window, AroundRow::due)
        .containsExactly(
            tuple(Window.BEFORE, due(8, 7, 1, 0)),
            tuple(Window.DURING, due(4, 1, 2, 1)),
            tuple(Window.AFTER, due(4, 0, 0, 4)),
            tuple(Window.SINCE, due(12, 5, 2, 5)));
  }

  private static RequestsDue due(long count, long answered, long failed, long unanswered) {
    return new RequestsDue(
        Optional.of(count), Optional.of(answered), Optional.of(failed), Optional.of(unanswered));
  }

  @Test
  void withinItsToleranceAnHpaDoesNothing() {
    assertThat(Windows.replicas(10, 109, 100)).hasValue(10);
    assertThat(Windows.replicas(10, 91, 100)).hasValue(10);
    assertThat(Windows.replicas(10, 111, 100)).hasValue(12);
    assertThat(Windows.replicas(10, 88, 100)).hasValue(9);
    assertThat(Windows.replicas(10, 5, 0)).isEmpty();
    assertThat(Windows.replicas(10, 5, Double.NaN)).isEmpty();
  }

  @Test
  void aNewPodThatGetsNothingNeverGetsItsShare() throws IOException {
    TestRun run = scaled();
    TestRepetition r =
        run.repetition(1).connections(2, 2, 0).event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3");
    answers(r, 1, 0, 10_000, 2);
    answers(r, 2, 0, 10_000, 2);
    NewPodRow pod = of(run).newPods().getFirst();
    assertThat(pod.pod()).isEqualTo("pod-3");
    assertThat(pod.joinedAfterMs()).isEqualTo(10);
    assertThat(pod.watchedMs()).isEqualTo(8000);
    assertThat(pod.firstConnectionAfterMs()).isNaN();
    assertThat(pod.shareOfConnectionsAfterMs()).isNaN();
    assertThat(pod.shareOfRequestsAfterMs()).isNaN();
    assertThat(pod.connectionsCount()).isZero();
  }

  /** Connections are born every 2.5 s: the last, on the new pod, at 7.5 s. */
  @Test
  void aNewPodThatGetsConnectionsHasItsShareAtSomeTime() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "pods: 1, connections: 4, opening: spread, "
                + PHASES
                + ", events: [{at: 1s, add-endpoints: 1}]");
    TestRepetition r =
        run.repetition(1).connections(3, 1).event(EventKind.ADD_ENDPOINTS, 2000, 2, "pod-2");
    answers(r, 1, 0, 10_000, 3);
    answers(r, 2, 7500, 10_000, 2);
    Around around = of(run);
    assertThat(around.windows())
        .as("load grows all the time, so the second before is no target")
        .extracting(w -> w.pods().replicasByMeanCount())
        .containsOnly(Optional.empty());
    NewPodRow pod = around.newPods().getFirst();
    assertThat(pod.firstConnectionAfterMs()).isEqualTo(5500);
    assertThat(pod.shareOfConnectionsAfterMs()).as("one of three, so far").isNaN();
    assertThat(pod.shareOfRequestsAfterMs()).as("in [7500, 8500) 20 of 50").isEqualTo(5500);
    assertThat(pod.connectionsCount()).isEqualTo(1);
    assertThat(pod.olderConnectionsCount()).isZero();
  }

  @Test
  void balanceThatDoesNotHoldIsNone() throws IOException {
    TestRun run = shrunk();
    TestRepetition r = run.repetition(1).event(EventKind.REMOVE_ENDPOINTS, 2000, 1, "pod-2");
    answers(r, 1, 0, 10_000, 2);
    answers(r, 2, 0, 2000, 2);
    RecoveryRow one = of(run).recoveries().getFirst();
    assertThat(one.maxOverMeanBefore()).isEqualTo(1);
    assertThat(one.balancedAfterMs()).as("one endpoint is in balance").isEqualTo(90);
    assertThat(one.balancedForMs()).isEqualTo(5000);
    assertThat(one.watchedMs()).isEqualTo(7990);
  }

  @Test
  void anEndpointWithoutRequestsIsOutOfBalanceAsLongAsItIsWatched() throws IOException {
    TestRun run = scaled();
    TestRepetition r = run.repetition(1).event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3");
    answers(r, 1, 0, 10_000, 2);
    answers(r, 2, 0, 10_000, 2);
    answers(r, 3, 7000, 9200, 2);
    RecoveryRow one = of(run).recoveries().getFirst();
    assertThat(one.balancedAfterMs()).as("balance is lost at the end").isNaN();
    assertThat(one.balancedForMs()).isNaN();
  }

  @Test
  void balanceComesWithTheRequests() throws IOException {
    TestRun run = scaled();
    TestRepetition r = run.repetition(1).event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3");
    answers(r, 1, 0, 10_000, 2);
    answers(r, 2, 0, 10_000, 2);
    answers(r, 3, 7000, 10_000, 2);
    RecoveryRow one = of(run).recoveries().getFirst();
    // from 6.4 s on the busiest has 20 of a second's 48 requests, from 6.8 s the new pod 16 of 56
    assertThat(one.maxOverMeanBalanced()).isEqualTo(1.25);
    assertThat(one.newAtLeastPct()).isEqualTo(80);
    assertThat(one.balancedAfterMs()).isEqualTo(6800 - 2010);
    assertThat(one.balancedForMs()).isEqualTo(3200);
  }

  /** Answers of eight pods, of which three are new at 2 s: until 5 s they get nothing. */
  private RecoveryRow onEight(int connections, int... later) throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "pods: 5, connections: "
                + connections
                + ", "
                + PHASES
                + ", events: [{at: 1s, add-endpoints: 3}]");
    TestRepetition r =
        run.repetition(1).event(EventKind.ADD_ENDPOINTS, 2000, 8, "pod-6", "pod-7", "pod-8");
    for (int pod = 1; pod <= later.length; pod++) {
      answers(r, pod, 0, 5000, pod <= 5 ? 8 : 0);
      answers(r, pod, 5000, 10_000, later[pod - 1]);
    }
    return of(run).recoveries().getFirst();
  }

  /** Of 40 connections on 8 pods a fair draw gives one pod more than 2.2 times the mean in 2 %. */
  @Test
  void whatChanceItselfMakesIsBalance() throws IOException {
    RecoveryRow one = onEight(40, 11, 6, 5, 5, 4, 4, 3, 2);
    assertThat(one.maxOverMeanBalanced()).isEqualTo(2.2);
    assertThat(one.newAtLeastPct()).as("9 of 15").isEqualTo(60);
    assertThat(one.balancedAfterMs()).isBetween(2000.0, 3000.0);
  }

  /** With eight the busiest has 1.6 times the mean, which chance exceeds, but the new have none. */
  @Test
  void withoutItsNewPodsNothingIsBalanced() throws IOException {
    assertThat(onEight(40, 8, 8, 8, 8, 8, 0, 0, 0).balancedAfterMs()).isNaN();
    assertThat(onEight(40, 7, 7, 7, 7, 6, 2, 2, 2).balancedAfterMs()).as("6 of 15").isNaN();
  }

  @Test
  void manyConnectionsAreHeldToWhatIsAlwaysEven() {
    assertThat(Balance.atMost(6000, 8)).isEqualTo(1.25);
    assertThat(Balance.newAtLeast(6000, 3, 8)).isEqualTo(0.8);
    assertThat(Balance.atMost(0, 8)).isEqualTo(1.25);
    assertThat(Balance.newAtLeast(8, 1, 3)).as("nothing can be told").isZero();
    assertThat(Balance.newAtLeast(8, 0, 3)).isNaN();
  }

  /** From the bin of its first step to that in which the next event begins. */
  @Test
  void whatFailedAndWhatWasSentAgainIsTheEventsBeforeTheNext() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "pods: 2, connections: 4, "
                + PHASES
                + ", events: [{at: 1s, kill-pod: 1}, {at: 3s, kill-pod: 1}]");
    TestRepetition r =
        run.repetition(1)
            .step(EventKind.KILL_POD, EventStep.KILLED, new double[] {2000, 2050}, 2, "pod-1")
            .step(EventKind.KILL_POD, EventStep.KILLED, new double[] {4000, 4010}, 2, "pod-2")
            .failedBin(1900, 1, 2)
            .failedBin(2000, 4, 8)
            .failedBin(3900, 16, 32)
            .failedBin(4000, 64, 128)
            .failedBin(11_000, 0, 256);
    answers(r, 1, 0, 10_000, 2);
    assertThat(of(run).recoveries())
        .extracting(RecoveryRow::failedCount, RecoveryRow::retriedCount)
        .containsExactly(tuple(20L, 40L), tuple(64L, 384L));
  }

  private static ConnectionRow ended(ConnectionRow c, double atMs, Death death) {
    double replied = c.connection() == 3 ? 2500 : 1900;
    return TestRows.lived(c, death, c.bornMs(), atMs - c.bornMs(), replied, 1899);
  }

  @Test
  void brokenConnectionsAreTakenApartByHow() throws IOException {
    TestRun run = shrunk();
    TestRepetition r =
        run.repetition(1)
            .connections(2, 2)
            .event(EventKind.REMOVE_ENDPOINTS, 2000, 1, "pod-2")
            .ledger(c ->
                switch (c.connection()) {
                  case 1 -> ended(c, 2300, Death.RESET);
                  case 2 -> ended(c, 4000, Death.TIMED_OUT);
                  case 3 -> ended(c, 2600, Death.GOODBYE);
                  default -> c;
                });
    answers(r, 1, 0, 10_000, 2);
    answers(r, 2, 0, 3000, 2);
    RecoveryRow one = of(run).recoveries().getFirst();
    assertThat(one.broken()).isEqualTo(new RecoveryRow.Broken(1, 1, 1, 0, 0, 300, 2000));
    assertThat(one.left().podsCount()).isEqualTo(1);
    assertThat(one.left().openedCount()).isZero();
    assertThat(one.left().openCount()).as("it is closed when the phases end").isZero();
    assertThat(one.left().answeredCount())
        .as("in nine bins after the one of the event")
        .isEqualTo(18);
  }

  /** Its last reply said so, and was noted a little later than the end. */
  @Test
  void aClientThatIsToldInAReplyIsNeverUnaware() throws IOException {
    TestRun run = shrunk();
    TestRepetition r =
        run.repetition(1)
            .connections(3, 1)
            .event(EventKind.REMOVE_ENDPOINTS, 2000, 1, "pod-2")
            .ledger(c -> c.connection() == 3 ? ended(c, 2499.9, Death.GOODBYE) : c);
    answers(r, 1, 0, 10_000, 2);
    assertThat(of(run).recoveries().getFirst().broken())
        .isEqualTo(new RecoveryRow.Broken(0, 0, 1, 0, 0, 0, 0));
  }

  private static ConnectionRow at(
      ConnectionRow c, double bornMs, double repliedMs, double requestedMs) {
    return TestRows.lived(c, Death.CLIENT, bornMs, 9000 - bornMs, repliedMs, requestedMs);
  }

  /** Connections 3 and 4 are the second pod's: one from before, one that it was given since. */
  @Test
  void aPodThatLeftIsHeardOfUntilItsLastReply() throws IOException {
    TestRun run = shrunk();
    TestRepetition r =
        run.repetition(1)
            .connections(2, 2)
            .event(EventKind.REMOVE_ENDPOINTS, 2000, 1, "pod-2")
            .ledger(c ->
                switch (c.connection()) {
                  case 3 -> at(c, -10, 5000, 4990);
                  case 4 -> at(c, 2300, 2400, 2390);
                  default -> at(c, -10, 8000, 7990);
                });
    answers(r, 1, 0, 10_000, 2);
    RecoveryRow.Last last = of(run).recoveries().getFirst().last();
    assertThat(last.replyAfterMs()).isEqualTo(3000);
    assertThat(last.requestAfterMs()).isEqualTo(2990);
    assertThat(last.connectionAfterMs()).as("its handshake took a little").isBetween(299.0, 300.0);
  }

  /** It joins again at 4 s, as the first that is outside: what it gets since is no news of it. */
  @Test
  void aPodThatComesBackIsGoneUntilThen() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "pods: 2, connections: 4, "
                + PHASES
                + ", events: [{at: 1s, remove-endpoints: 1}, {at: 3s, add-endpoints: 1}]");
    TestRepetition r =
        run.repetition(1)
            .connections(2, 2)
            .event(EventKind.REMOVE_ENDPOINTS, 2000, 1, "pod-2")
            .event(EventKind.ADD_ENDPOINTS, 4000, 2, "pod-2")
            .ledger(c -> c.connection() == 3 ? at(c, -10, 7000, 6990) : at(c, 4500, 8000, 7990));
    answers(r, 1, 0, 10_000, 2);
    List<RecoveryRow> rows = of(run).recoveries();
    assertThat(rows.getFirst().last().replyAfterMs()).as("and longer").isEqualTo(2000);
    assertThat(rows.getFirst().last().connectionAfterMs()).isNaN();
    assertThat(rows.getLast().last())
        .as("nobody left")
        .isEqualTo(new RecoveryRow.Last(Double.NaN, Double.NaN, Double.NaN));
  }

  /** What fell silent says nothing more, though no rule lets go of it. */
  @Test
  void aSilentPodIsOneThatLeft() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "pods: 2, connections: 4, " + PHASES + ", events: [{at: 1s, power-off: 1}]");
    TestRepetition r =
        run.repetition(1)
            .connections(2, 2)
            .step(EventKind.POWER_OFF, EventStep.SILENCED, new double[] {2000, 2000}, 2, "pod-1")
            .ledger(c -> c.connection() == 1 ? at(c, -10, 2003, 2001) : at(c, -10, 1990, 1985));
    answers(r, 2, 0, 10_000, 2);
    RecoveryRow row = of(run).recoveries().getFirst();
    assertThat(row.left().podsCount()).isZero();
    assertThat(row.last()).isEqualTo(new RecoveryRow.Last(3, 1, Double.NaN));
  }
}
