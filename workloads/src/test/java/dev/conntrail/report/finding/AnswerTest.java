package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.tested;
import static dev.conntrail.report.finding.Said.unjudged;
import static dev.conntrail.report.finding.Said.verdict;
import static dev.conntrail.report.finding.Said.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heading, which never says more than the run shows. */
class AnswerTest {
  private static final String FEW =
      "protocol: [http1, short-lived], connections: 6, pods: 5, rate: 300";

  @TempDir private Path folder;

  private TestRun cells(String... blocks) {
    return TestRun.ofCells(folder, blocks);
  }

  private static VerdictRow idle(VerdictRow v, double mean) {
    return new VerdictRow(
        v.run(),
        v.cellId(),
        v.unit(),
        v.verdict(),
        v.departure(),
        v.choice(),
        1,
        6,
        5,
        v.pooled(),
        v.stratified(),
        v.power(),
        v.lawMetByDrawPct(),
        new VerdictRow.Idle(mean, 1.31, 0, 3),
        v.maxOverMean(),
        v.maxOverMeanExpected(),
        v.jain(),
        v.band());
  }

  private static void check(Analysis run, Tone tone, boolean alarm, String text) {
    Answer answer = Answer.of(run);
    assertThat(answer.verdict()).isEqualTo(text);
    assertThat(answer.tone()).isEqualTo(tone);
    assertThat(answer.alarm()).isEqualTo(alarm);
  }

  @Test
  void chanceIsSaidOnlyWhereTheSameDataPlaneHadEnoughConnections() throws IOException {
    RunResults run = cells(FEW).fill().read();
    VerdictRow few = idle(verdict(run.cells().get(0), Verdict.TOO_FEW), 2);
    CellResults control = run.cells().get(1);
    check(
        with(run, few, tested(verdict(control, Verdict.CONSISTENT), 1, 1)),
        Tone.GOOD,
        false,
        "Too few to tell by themselves: 6 long-lived connections left 2 of 5 pods idle, as a fair draw"
            + " may; the same rules were consistent with chance where there were enough connections.");
    check(
        with(run, few, verdict(control, Verdict.TOO_FEW)),
        Tone.UNKNOWN,
        false,
        "Too few connections to tell: 6 long-lived connections left 2 of 5 pods idle, as a fair draw"
            + " may.");
    check(
        with(run, idle(few, 4), tested(verdict(control, Verdict.CONSISTENT), 1, 1)),
        Tone.UNKNOWN,
        false,
        "6 long-lived connections left 4 of 5 pods idle; chance leaves 1.31 (0 to 3 in 95 of 100 such"
            + " runs).");
  }

  @Test
  void anotherDataPlanesVerdictIsNoProofOfChance() throws IOException {
    RunResults run =
        cells("connections: 6, pods: 5", "data-plane: ipvs, connections: 6, pods: 5").fill().read();
    check(
        with(
            run,
            idle(verdict(run.cells().get(0), Verdict.TOO_FEW), 2),
            verdict(run.cells().get(1), Verdict.BY_DESIGN)),
        Tone.GOOD,
        false,
        "No fault found: 6 long-lived connections left 2 of 5 pods idle, as a fair draw may.");
  }

  @Test
  void alarmsComeFirst() throws IOException {
    RunResults run =
        cells(
                FEW,
                "data-plane: ipvs, connections: 6, pods: 5",
                "data-plane: direct, connections: 6, pods: 5")
            .fill()
            .read();
    VerdictRow few = idle(verdict(run.cells().get(0), Verdict.TOO_FEW), 2);
    VerdictRow control = verdict(run.cells().get(1), Verdict.NOT_CHANCE, Departure.TOO_EVEN);
    check(
        with(run, few, control),
        Tone.BAD,
        true,
        "Not chance: in 1 of 2 cells connections landed too evenly for a fair draw.");
    VerdictRow both = verdict(run.cells().get(0), Verdict.NOT_CHANCE, Departure.TOO_UNEVEN);
    VerdictRow law = verdict(run.cells().get(2), Verdict.BY_DESIGN, Departure.LAW_BROKEN);
    check(
        with(run, both, control, law),
        Tone.BAD,
        true,
        "Not chance: in 2 of 2 cells connections landed too unevenly, or too evenly, for a fair draw;"
            + " a law of where connections go was broken in 1 of 1 cell whose pods are not drawn.");
    VerdictRow baseline = verdict(run.cells().get(3), Verdict.BY_DESIGN, Departure.LAW_BROKEN);
    check(
        with(run, few, baseline),
        Tone.BAD,
        true,
        "A law of where connections go was broken in 1 of 1 cell whose pods are not drawn.");
    check(
        with(with(run, few), matrix(0.0005)),
        Tone.BAD,
        true,
        "From node to node connections went otherwise than a fair draw sends them.");
    assertThat(Answer.of(with(with(run, few), matrix(0.0015))).alarm()).isFalse();
    assertThat(Answer.of(with(with(run, few), matrix(Double.NaN))).alarm()).isFalse();
  }

  private static MatrixRow matrix(double pAdjusted) {
    return new MatrixRow(
        TestRun.RUN,
        TestbedKind.NETNS,
        DataPlane.NFTABLES,
        Optional.empty(),
        Optional.empty(),
        2,
        5,
        "node-1",
        "node-1",
        10,
        5,
        Said.test(pAdjusted),
        VerdictRow.Test.NONE);
  }

  @Test
  void whatIsWrongBesidesVerdictsIsNotPassedOver() throws IOException {
    TestRun lossy = cells(FEW);
    lossy.repetition(1).failed(4);
    lossy.repetition(2).unanswered(1).marks(Mark.UNFINISHED, Mark.LOAD_LOST);
    RunResults run = lossy.read();
    VerdictRow few = idle(verdict(run.cells().get(0), Verdict.TOO_FEW), 2);
    VerdictRow control = tested(verdict(run.cells().get(1), Verdict.CONSISTENT), 1, 1);
    check(
        with(run, few, control),
        Tone.BAD,
        false,
        "Where connections landed is consistent with chance in 1 cell; connections were too few to tell"
            + " in 1 cell; but 5 requests failed or had no answer and 1 repetition cannot be trusted"
            + " whole.");
    TestRun strays = TestRun.ofCells(folder.resolve("strays"), FEW);
    strays.repetition(1).ledger(c -> Ledgers.strayed(c, 1)).marks(Mark.STRAYS);
    strays.repetition(2).disagreement(Difference.POD);
    check(
        with(strays.read(), few, control),
        Tone.BAD,
        false,
        "Where connections landed is consistent with chance in 1 cell; connections were too few to tell"
            + " in 1 cell; but 6 replies came from another pod than the connection's first and the"
            + " witnesses differ on 1 connection.");
  }

  @Test
  void nothingMeasuredNothingAnsweredNothingBehindAService() throws IOException {
    check(with(cells(FEW).read()), Tone.UNKNOWN, false, "Nothing was measured.");
    TestRun dead = TestRun.ofCells(folder.resolve("dead"), FEW);
    dead.repetition(1).connections(0, 0, 0, 0, 0).requests(0).failed(300);
    check(
        Said.judged(dead.read()),
        Tone.BAD,
        false,
        "No request of the measure phase had an answer.");
    TestRun none = TestRun.ofCells(folder.resolve("none"), FEW);
    none.repetition(1).requests(0).due(0);
    check(
        Said.judged(none.read()),
        Tone.UNKNOWN,
        false,
        "No request of the measure phase had an answer.");
    TestRun direct =
        TestRun.ofCells(folder.resolve("direct"), "data-plane: direct, connections: 12, pods: 3");
    check(
        Said.judged(direct),
        Tone.UNKNOWN,
        false,
        "No cell goes through a Service, so no data plane is judged.");
  }

  private static void idle(TestRun run, int cell, int open, int kept) {
    run.repetition(cell)
        .effect(
            Cause.IDLE,
            new EffectRow.Fate(open, kept, open - kept, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0));
  }

  @Test
  void ofIdleConnectionsItIsSaidWhichModeLostThemAndWhatKeptThem() throws IOException {
    String ofOne = "connections: 6, pods: 5, phases: {idle: 2s}";
    TestRun lost = TestRun.ofCells(folder.resolve("lost"), ofOne);
    idle(lost, 1, 6, 2);
    check(
        Said.judged(lost),
        Tone.PLAIN,
        false,
        "Of idle connections iptables-nft lost 4 of 6 without a keep-alive.");
    TestRun modes =
        TestRun.ofCells(
            folder.resolve("modes"),
            "data-plane: [iptables, ipvs], ipvs-tcp-timeout: 2s, keep-alive: [none, tcp], " + ofOne,
            "data-plane: ipvs, ipvs-tcp-timeout: 2s, keep-alive: tcp, keep-alive-interval: 3s, "
                + ofOne);
    for (int cell = 1; cell <= modes.cells().size(); cell++) {
      boolean kept =
          modes.cell(cell).dataPlane() == DataPlane.IPTABLES
              || modes.cell(cell).keepAlive() == KeepAlive.TCP;
      idle(modes, cell, 6, kept ? 6 : 0);
    }
    check(
        unjudged(modes),
        Tone.PLAIN,
        false,
        "Of idle connections ipvs-rr, ipvs-tcp-timeout 2s lost 6 of 6 without a keep-alive, none of 6"
            + " with keep-alive tcp and none of 6 with keep-alive tcp every 3s; iptables-nft lost none"
            + " of 12.");
  }

  @Test
  void cellsWhoseServiceChangesAnswerByWhatThatDid() throws IOException {
    TestRun grown =
        cells("connections: 6, pods: 5, repetitions: 2, events: [{at: 500ms, add-endpoints: 5}]");
    for (int i = 1; i <= 2; i++) {
      grown
          .repetition(1)
          .event(EventKind.ADD_ENDPOINTS, 700, 10, "pod-6", "pod-7", "pod-8", "pod-9", "pod-10")
          .effect(
              Cause.of(EventKind.ADD_ENDPOINTS),
              new EffectRow.Fate(6, 6, 0, 0, 0),
              new EffectRow.Leaving(0, 0),
              new EffectRow.New(10, 4L * i, 0),
              new EffectRow.Ports(0, 0));
    }
    check(
        unjudged(grown),
        Tone.PLAIN,
        false,
        "New pods got 40 to 80 % of the connections that were opened after they joined.");
    TestRun removed =
        TestRun.ofCells(
            folder.resolve("removed"),
            "connections: 6, pods: 5, events: [{at: 500ms, remove-endpoints: 1}]");
    removed
        .repetition(1)
        .event(EventKind.REMOVE_ENDPOINTS, 700, 4, "pod-1")
        .effect(
            Cause.of(EventKind.REMOVE_ENDPOINTS),
            new EffectRow.Fate(6, 6, 0, 0, 0),
            new EffectRow.Leaving(2, 1),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0));
    check(
        Said.judged(removed),
        Tone.PLAIN,
        false,
        "1 of 2 open connections on pods that left went on.");
    TestRun silent =
        TestRun.ofCells(
            folder.resolve("silent"),
            "connections: 6, pods: 5, events: [{at: 500ms, add-endpoints: 5}]");
    check(
        Said.judged(silent),
        Tone.UNKNOWN,
        false,
        "No cell behind a Service can be judged by where its connections landed.");
  }

  /** A pod is killed at 700 ms and another joins at 800 ms: so many of 300 requests are lost. */
  private static TestRepetition killed(TestRun run, int cell, long lost, long joined) {
    TestRepetition r = run.repetition(cell).failed(lost);
    r.connections(4, 2, joined);
    r.ledger(c -> c.connection() == 7 ? Ledgers.born(c, 900) : c);
    r.step(EventKind.KILL_POD, EventStep.KILLED, new double[] {700, 700}, 2, "pod-1")
        .effect(
            Cause.of(EventKind.KILL_POD),
            new EffectRow.Fate(6, 2, 3, 1, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0))
        .step(EventKind.KILL_POD, EventStep.JOINED, new double[] {700, 800}, 3, "pod-3")
        .requests(300 - lost, 0, 0)
        .bin(700, 2, 2, 2);
    return r;
  }

  @Test
  void eventsAnswerByRequestsWithoutAnAnswerAndByPodsThatJoined() throws IOException {
    TestRun run =
        cells(
            "protocol: [http1, http2, grpc, grpc-stream, websocket], connections: 6, pods: 2, rate: 300,"
                + " events: [{at: 200ms, kill-pod: 1}]",
            "protocol: [http1, grpc], connections: 6, pods: 2, rate: 300,"
                + " events: [{at: 200ms, kill-pod: 1, ready-after: 300ms}]");
    killed(run, 1, 3, 0);
    killed(run, 2, 0, 1);
    killed(run, 3, 30, 0);
    killed(run, 4, 9, 0);
    killed(run, 5, 6, 0);
    killed(run, 6, 0, 0);
    killed(run, 7, 0, 0);
    Analysis told = Said.judged(run);
    check(
        told,
        Tone.PLAIN,
        false,
        "Requests without an answer: 48 of 2,100 with kill-pod 1, from 0 of 300 (http2) to 30 of 600"
            + " (grpc). Of 7 pods that joined 1 got a connection.");
    assertThat(Answer.of(told).lines())
        .contains(
            new Answer.Line(
                "worst",
                "iptables-nft, grpc, 6 connections, kill-pod 1 (#3): 30 of 300 requests had no answer;"
                    + " 4 of 6 open connections ended before the client wanted it"),
            new Answer.Line(
                "idle",
                "6 of 7 pods that joined got no connection; the others' first came 200 ms after their"
                    + " event began"));
  }

  /** It loses requests by itself. */
  @Test
  void whatClientsShortOfCpuSawOfEventsIsToldOnlyWhereNobodyElseSawIt() throws IOException {
    String cells =
        "protocol: [http1, grpc], connections: 6, pods: 2, rate: 300,"
            + " events: [{at: 200ms, kill-pod: 1}]";
    TestRun run = cells(cells);
    killed(run, 1, 3, 0);
    killed(run, 2, 200, 1).marks(Mark.CLIENT_SHORT_OF_CPU);
    check(
        Said.judged(run),
        Tone.PLAIN,
        false,
        "Requests without an answer: 3 of 300 with kill-pod 1. Of 1 pod that joined none got a"
            + " connection. Not in it: 1 repetition whose clients were short of CPU, where others of the"
            + " same events had CPU to spare.");
    TestRun alone = TestRun.ofCells(folder.resolve("alone"), cells);
    killed(alone, 1, 3, 0).marks(Mark.CLIENT_SHORT_OF_CPU);
    killed(alone, 2, 200, 1).marks(Mark.CLIENT_SHORT_OF_CPU);
    check(
        Said.judged(alone),
        Tone.PLAIN,
        false,
        "Requests without an answer: 203 of 600 with kill-pod 1, from 3 of 300 (http1) to 200 of 300"
            + " (grpc). Of 2 pods that joined 1 got a connection.");
  }

  @Test
  void whatWasCutShortIsLeftOutAndThatIsSaid() throws IOException {
    String cells =
        "protocol: [http1, grpc], connections: 6, pods: 2, rate: 300,"
            + " events: [{at: 200ms, kill-pod: 1}]";
    TestRun run = cells(cells);
    killed(run, 1, 3, 0);
    killed(run, 1, 100, 0).marks(Mark.EVENT_CUT_SHORT);
    run.repetition(2).failed(200).marks(Mark.EVENT_CUT_SHORT);
    Analysis told = Said.judged(run);
    check(
        told,
        Tone.PLAIN,
        false,
        "Requests without an answer: 3 of 300 with kill-pod 1. Of 1 pod that joined none got a"
            + " connection. Left out: 2 repetitions of 2 cells that ended before an event was over; of"
            + " 1 of these cells nothing is left.");
    assertThat(Answer.of(told).events()).extracting(EventCost::due).containsExactly(300L);
    TestRun none = TestRun.ofCells(folder.resolve("none"), cells);
    none.repetition(1).marks(Mark.EVENT_CUT_SHORT);
    check(
        Said.judged(none),
        Tone.PLAIN,
        false,
        "What events did is not told. Left out: 1 repetition of 1 cell that ended before an event was"
            + " over; of 1 of these cells nothing is left.");
  }

  @Test
  void whatElseIsWrongIsSaidAfterWhatEventsDid() throws IOException {
    TestRun run = cells("connections: 6, pods: 2, rate: 300, events: [{at: 200ms, kill-pod: 1}]");
    killed(run, 1, 3, 0);
    run.repetition(1).disagreement(Difference.POD);
    check(
        Said.judged(run),
        Tone.BAD,
        false,
        "Requests without an answer: 3 of 1,800 with kill-pod 1. Of 1 pod that joined none got a connection. But the witnesses differ on 1 connection.");
  }

  @Test
  void withoutFewLongLivedConnectionsCellsAreCounted() throws IOException {
    RunResults run =
        cells(
                "data-plane: [ipvs, nftables], protocol: short-lived, connections: 6, pods: 5, rate: 300")
            .fill()
            .read();
    Analysis told =
        with(
            run,
            verdict(run.cells().get(0), Verdict.BY_DESIGN),
            tested(verdict(run.cells().get(1), Verdict.CONSISTENT), 1, 1));
    check(
        told,
        Tone.GOOD,
        false,
        "Where connections landed is consistent with chance in 1 cell; the law of the data plane was"
            + " kept in 1 cell.");
  }
}
