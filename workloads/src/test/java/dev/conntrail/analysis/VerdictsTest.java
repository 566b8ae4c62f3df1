package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cells are judged, by what, and in which family; the arithmetic has tests of its own. */
class VerdictsTest {
  @TempDir private Path folder;

  private static Verdicts judged(TestRun run) throws IOException {
    return Verdicts.of(run.fill().read());
  }

  /** What is said of connections, cell by cell. */
  private static List<VerdictRow> connections(Verdicts verdicts) {
    return verdicts.rows().stream().filter(v -> v.unit() == Unit.CONNECTIONS).toList();
  }

  private static VerdictRow only(TestRun run) throws IOException {
    assertThat(connections(judged(run))).hasSize(1);
    return connections(judged(run)).getFirst();
  }

  private TestRun cells(String... blocks) {
    return TestRun.ofCells(folder, blocks);
  }

  @Test
  void aFaultInOneCellIsFoundAmongFairOnes() throws IOException {
    TestRun run =
        cells(
            "connections: ["
                + String.join(", ", IntStream.range(0, 20).mapToObj(i -> "" + (300 + i)).toList())
                + "], pods: 5");
    Random random = new Random(9);
    for (int cell = 1; cell <= 20; cell++) {
      long[] counts = new long[5];
      for (int i = 0; i < 299 + cell; i++) {
        double own = cell == 14 ? 0.4 : 0.2;
        counts[random.nextDouble() < own ? 0 : 1 + random.nextInt(4)]++;
      }
      run.repetition(cell).connections(counts);
    }
    List<VerdictRow> found =
        connections(judged(run)).stream().filter(v -> v.verdict() != Verdict.CONSISTENT).toList();
    assertThat(found)
        .extracting(VerdictRow::cellId, VerdictRow::verdict, VerdictRow::departure)
        .containsExactly(
            tuple(run.cell(14).id(), Verdict.NOT_CHANCE, Optional.of(Departure.TOO_UNEVEN)));
  }

  @Test
  void cellsThatDrawAreTestedAndOthersAreHeldToTheirLaw() throws IOException {
    Verdicts judged =
        judged(
            cells(
                "data-plane: [iptables, nftables], connections: 300, pods: 5",
                "data-plane: ipvs, ipvs-scheduler: [mh, rr, wrr, lc, wlc, sed, nq, sh, dh],"
                    + " opening: spread, connections: 300, clients: 6, pods: 5",
                "data-plane: direct, connections: 300, pods: 5",
                "data-plane: nftables, cure: session-affinity, connections: 300, clients: 6, pods: 5",
                "protocol: grpc, cure: 'pick-first,shuffle=no', connections: 300, pods: 5"));
    List<VerdictRow> rows = connections(judged);
    assertThat(rows.subList(0, 3))
        .allSatisfy(v -> {
          assertThat(v.verdict()).isEqualTo(Verdict.CONSISTENT);
          assertThat(v.pooled().p()).isBetween(0.0, 1.0);
          assertThat(v.pooled().pAdjusted()).isGreaterThanOrEqualTo(v.pooled().p());
          assertThat(v.pooled().method()).isPresent();
          assertThat(v.power().foundSharePct()).isBetween(25.0, 50.0);
          assertThat(v.power().twiceSharePowerPct()).isGreaterThan(99);
          assertThat(v.lawMetByDrawPct()).isNaN();
        });
    assertThat(rows.subList(3, 14))
        .allSatisfy(v -> {
          assertThat(v.verdict()).as(v.choice().word()).isEqualTo(Verdict.BY_DESIGN);
          assertThat(v.departure()).isEmpty();
          assertThat(v.pooled()).isEqualTo(VerdictRow.Test.NONE);
          assertThat(v.lawMetByDrawPct()).isLessThan(1);
          assertThat(v.alarm()).isFalse();
        });
    // three cells, one repetition each: one test each
    assertThat(judged.tests()).isEqualTo(3);
  }

  private static final String ZONES =
      "data-plane: nftables, cure: same-zone, connections: 120, clients: 3, nodes: 2, pods: 5";

  /** Three pods of one zone share 80 connections, two of the other 40: uneven, and by no fault. */
  @Test
  void whatIsDrawnWithinZonesIsHeldToTheDrawOfEachZone() throws IOException {
    TestRun run = cells(ZONES);
    run.repetition(1)
        .connectionsOf(1, 14, 0, 13, 0, 13)
        .connectionsOf(2, 0, 22, 0, 18, 0)
        .connectionsOf(3, 15, 0, 10, 0, 15);
    Verdicts judged = judged(run);
    assertThat(judged.tests()).isEqualTo(2);
    assertThat(judged.matrices()).isEmpty();
    VerdictRow v = connections(judged).getFirst();
    assertThat(v.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(v.pooled().p()).isBetween(0.2, 1.0);
    // of 40 connections on two pods: all draws come to some, so none is idle
    assertThat(v.idle().expectedCount()).isLessThan(1e-9);
    // 80 on three pods are 26.7 each, 40 on two 20, and the mean is 24
    assertThat(v.maxOverMeanExpected()).isBetween(1.2, 1.4);
    assertThat(v.band().lowCount()).isBetween(6.0, 12.0);
    assertThat(v.band().highCount()).isBetween(36.0, 44.0);
  }

  @Test
  void aZoneThatSharesUnevenlyIsFoundWhereAllPodsTogetherWouldNotTell() throws IOException {
    TestRun run = cells(ZONES);
    run.repetition(1)
        .connectionsOf(1, 13, 0, 14, 0, 13)
        .connectionsOf(2, 0, 34, 0, 6, 0)
        .connectionsOf(3, 13, 0, 13, 0, 14);
    assertThat(only(run))
        .satisfies(v -> {
          assertThat(v.verdict()).isEqualTo(Verdict.NOT_CHANCE);
          assertThat(v.departure()).hasValue(Departure.TOO_UNEVEN);
        });
  }

  @Test
  void oneConnectionToAnotherZoneIsNoDraw() throws IOException {
    TestRun run = cells(ZONES);
    run.repetition(1)
        .connectionsOf(1, 14, 1, 12, 0, 13)
        .connectionsOf(2, 0, 20, 0, 20, 0)
        .connectionsOf(3, 15, 0, 10, 0, 15);
    assertThat(only(run))
        .satisfies(v -> {
          assertThat(v.verdict()).isEqualTo(Verdict.NOT_CHANCE);
          assertThat(v.pooled().p()).isZero();
        });
  }

  /** As {@code topologyModeFromHints} has it: no hint for a zone, and its rules have all pods. */
  @Test
  void clientsOfAZoneWithoutPodsDrawFromAll() throws IOException {
    TestRun run =
        cells(
            "data-plane: nftables, cure: same-zone, connections: 120, clients: 3, nodes: 3, pods: 2");
    run.repetition(1).connectionsOf(1, 40, 0).connectionsOf(2, 0, 40).connectionsOf(3, 21, 19);
    assertThat(judged(run).tests()).isEqualTo(1);
    assertThat(only(run).pooled().p()).isGreaterThan(0.5);
    assertThat(only(run).maxOverMeanExpected()).as("pods are in two draws").isNaN();
  }

  @Test
  void aPodInEachZoneLeavesNothingToDraw() throws IOException {
    TestRun run =
        cells(
            "data-plane: nftables, cure: same-zone, connections: 40, clients: 2, nodes: 2, pods: 2");
    assertThat(judged(run).tests()).isZero();
    assertThat(only(run).verdict()).isEqualTo(Verdict.DESCRIPTIVE);
  }

  /** What takes turns does so among the pods of its zone. */
  @Test
  void turnsWithinAZoneAreALawOfThatZone() throws IOException {
    String cell =
        "data-plane: ipvs, cure: same-zone, connections: 40, clients: 2, nodes: 2, pods: 5";
    TestRun kept = cells(cell);
    kept.repetition(1).connectionsOf(1, 7, 0, 7, 0, 6).connectionsOf(2, 0, 10, 0, 10, 0);
    assertThat(only(kept).departure()).isEmpty();
    TestRun broken = TestRun.ofCells(folder.resolve("broken"), cell);
    broken.repetition(1).connectionsOf(1, 7, 1, 6, 0, 6).connectionsOf(2, 0, 10, 0, 10, 0);
    assertThat(only(broken).departure()).hasValue(Departure.LAW_BROKEN);
  }

  @Test
  void turnsThatAreNotKeptOnEachNodeBreakTheLaw() throws IOException {
    TestRun run =
        cells(
            "data-plane: ipvs, ipvs-scheduler: rr, connections: 40, clients: 2, nodes: 2, pods: 4");
    // all together they are even
    run.repetition(1).connectionsOf(1, 4, 5, 5, 6).connectionsOf(2, 6, 5, 5, 4);
    assertThat(only(run))
        .satisfies(v -> {
          assertThat(v.verdict()).isEqualTo(Verdict.BY_DESIGN);
          assertThat(v.departure()).hasValue(Departure.LAW_BROKEN);
          assertThat(v.alarm()).isTrue();
        });
  }

  /** Nodes take turns of their own and may all begin with the same pod. */
  @Test
  void turnsOfEachNodeMayAddUp() throws IOException {
    TestRun run =
        cells(
            "data-plane: ipvs, ipvs-scheduler: rr, connections: 36, clients: 4, nodes: 4, pods: 8");
    TestRepetition uneven = run.repetition(1);
    for (int client = 1; client <= 4; client++) {
      uneven.connectionsOf(client, 2, 1, 1, 1, 1, 1, 1, 1);
    }
    assertThat(only(run).departure()).isEmpty();
  }

  @Test
  void aClientThatAHashSendsToTwoPodsBreaksTheLaw() throws IOException {
    TestRun run =
        cells("data-plane: ipvs, ipvs-scheduler: sh, connections: 40, clients: 2, pods: 4");
    run.repetition(1).connectionsOf(1, 20, 0, 0, 0).connectionsOf(2, 0, 19, 1, 0);
    assertThat(only(run).departure()).hasValue(Departure.LAW_BROKEN);
  }

  @Test
  void aServiceThatAHashSendsToTwoPodsBreaksTheLaw() throws IOException {
    TestRun run =
        cells("data-plane: ipvs, ipvs-scheduler: dh, connections: 40, clients: 2, pods: 4");
    run.repetition(1).connectionsOf(1, 20, 0, 0, 0).connectionsOf(2, 19, 1, 0, 0);
    assertThat(only(run).departure()).hasValue(Departure.LAW_BROKEN);
  }

  @Test
  void aClientThatDoesNotTakePodsInTurnBreaksTheLaw() throws IOException {
    TestRun run = cells("data-plane: direct, connections: 40, pods: 4");
    run.repetition(1).connections(11, 10, 10, 9);
    assertThat(only(run).departure()).hasValue(Departure.LAW_BROKEN);
  }

  /** Two connections on ten pods: nine of ten draws take two pods as turns do. */
  @Test
  void aLawThatADrawMeetsTooTellsNothing() throws IOException {
    for (String kept :
        List.of(
            "data-plane: ipvs, ipvs-scheduler: rr, connections: 2, pods: 10",
            "data-plane: direct, connections: 2, pods: 10",
            "data-plane: ipvs, ipvs-scheduler: sh, connections: 4, clients: 4, pods: 4")) {
      VerdictRow v = only(TestRun.ofCells(folder.resolve("" + kept.hashCode()), kept));
      assertThat(v.lawMetByDrawPct()).as(kept).isGreaterThan(20);
      assertThat(v.verdict()).as(kept).isEqualTo(Verdict.TOO_FEW);
      assertThat(v.departure()).as(kept).isEmpty();
    }
  }

  @Test
  void tooFewConnectionsToTellAreNoChance() throws IOException {
    VerdictRow v = only(cells("connections: 10, pods: 10"));
    assertThat(v.verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(v.power().twiceSharePowerPct()).isLessThan(80);
  }

  /** All requests on one pod: they follow their connection, and nobody drew them. */
  @Test
  void requestsAreDescribedAndNeverTested() throws IOException {
    TestRun run = cells("data-plane: [iptables, direct], connections: 300, pods: 5");
    run.repetition(1).requests(10_000, 0, 0, 0, 0);
    run.repetition(2).requests(10_000, 0, 0, 0, 0);
    Verdicts judged = judged(run);
    assertThat(judged.tests()).isEqualTo(1);
    assertThat(judged.rows())
        .filteredOn(v -> v.unit() == Unit.REQUESTS)
        .hasSize(2)
        .allSatisfy(v -> {
          assertThat(v.verdict()).isEqualTo(Verdict.DESCRIPTIVE);
          assertThat(v.departure()).isEmpty();
          assertThat(v.pooled()).isEqualTo(VerdictRow.Test.NONE);
          assertThat(v.stratified()).isEqualTo(VerdictRow.Test.NONE);
          assertThat(v.maxOverMean()).isEqualTo(5);
          assertThat(v.idle().meanCount()).isEqualTo(4);
        });
    assertThat(judged.rows()).noneMatch(VerdictRow::alarm);
  }

  @Test
  void repetitionsThatLostAPodAreLeftOut() throws IOException {
    for (String cell :
        List.of(
            "connections: 300, pods: 5",
            "data-plane: direct, connections: 300, pods: 5",
            "data-plane: ipvs, ipvs-scheduler: rr, connections: 300, pods: 5")) {
      TestRun run = TestRun.ofCells(folder.resolve("" + cell.hashCode()), cell);
      run.repetition(1);
      run.repetition(1).connections(0, 75, 75, 75, 75).marks(Mark.POD_LOST);
      run.repetition(1);
      VerdictRow v = only(run);
      assertThat(v.repetitionsCount()).as(cell).isEqualTo(2);
      assertThat(v.observedCount()).as(cell).isEqualTo(600);
      assertThat(v.idle().meanCount()).as(cell).isZero();
      assertThat(v.alarm()).as(cell).isFalse();
    }
  }

  @Test
  void nothingIsSaidWhereTheServiceChanged() throws IOException {
    TestRun run = cells("pods: 4, events: [{at: 1s, add-endpoints: 2}]");
    run.repetition(1).event(EventKind.ADD_ENDPOINTS, 1000, 6, "pod-5", "pod-6");
    assertThat(judged(run).rows()).isEmpty();
  }

  /** Each repetition has another pod with twice its share; the sums are as a draw gives them. */
  @Test
  void aFaultThatMovesFromPodToPodIsSeenByTheTestOfEachRepetition() throws IOException {
    TestRun run = cells("connections: 300, pods: 5");
    run.repetition(1).connections(120, 47, 43, 46, 44);
    run.repetition(1).connections(43, 122, 43, 46, 46);
    run.repetition(1).connections(44, 47, 117, 47, 45);
    run.repetition(1).connections(44, 48, 42, 120, 46);
    run.repetition(1).connections(44, 46, 43, 46, 121);
    VerdictRow v = only(run);
    assertThat(v.pooled().p()).isGreaterThan(0.05);
    assertThat(v.stratified().pAdjusted()).isLessThan(1e-6);
    assertThat(v.verdict()).isEqualTo(Verdict.NOT_CHANCE);
    assertThat(v.departure()).hasValue(Departure.TOO_UNEVEN);
  }

  private static final String NODES = ", connections: 400, clients: 2, nodes: 2, pods: 4";

  @Test
  void matricesOfNodesAreTestsOfTheSameFamily() throws IOException {
    TestRun run = cells("data-plane: [iptables, direct]" + NODES);
    // pods 1 and 3 are on the first node: pod by pod all is fair, only that each node prefers its
    // own
    run.repetition(1).connectionsOf(1, 88, 18, 76, 18).connectionsOf(2, 24, 76, 20, 80);
    Verdicts judged = judged(run);
    // of the cell that draws: its pods, and its nodes
    assertThat(judged.tests()).isEqualTo(2);
    assertThat(connections(judged).getFirst().verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(judged.matrices())
        .extracting(MatrixRow::clientNode, MatrixRow::podNode, MatrixRow::connectionsCount)
        .containsExactly(
            tuple("node-1", "node-1", 164L),
            tuple("node-1", "node-2", 36L),
            tuple("node-2", "node-1", 44L),
            tuple("node-2", "node-2", 156L));
    assertThat(judged.matrices())
        .allSatisfy(m -> {
          assertThat(m.expectedCount()).isEqualTo(100);
          assertThat(m.pooled().p()).isLessThan(1e-6);
          assertThat(m.pooled().pAdjusted()).isBetween(m.pooled().p(), 1e-6);
          assertThat(m.pooled().method()).isPresent();
          assertThat(m.stratified()).isEqualTo(VerdictRow.Test.NONE);
        });
  }

  @Test
  void aDetourThatTurnsRoundIsSeenRepetitionByRepetition() throws IOException {
    TestRun run = cells("data-plane: iptables, repetitions: 2" + NODES);
    run.repetition(1).connectionsOf(1, 65, 35, 65, 35).connectionsOf(2, 35, 65, 35, 65);
    run.repetition(1).connectionsOf(1, 35, 65, 35, 65).connectionsOf(2, 65, 35, 65, 35);
    Verdicts judged = judged(run);
    // pods and nodes, each pooled and stratified
    assertThat(judged.tests()).isEqualTo(4);
    assertThat(judged.matrices())
        .hasSize(4)
        .allSatisfy(m -> {
          assertThat(m.connectionsCount()).isEqualTo(200);
          assertThat(m.pooled().chiSquare()).isZero();
          assertThat(m.pooled().pAdjusted()).isGreaterThan(Verdicts.FAMILY_ERROR);
          // of each of 4 rows (130 - 100)^2 / 100 twice, on a degree of freedom each
          assertThat(m.stratified().chiSquare()).isEqualTo(72);
          assertThat(m.stratified().pAdjusted()).isLessThan(1e-10);
          assertThat(m.stratified().method()).hasValue("chi-square, 4 df");
        });
  }

  @Test
  void matricesLeaveOutRepetitionsThatLostAPod() throws IOException {
    TestRun run = cells("data-plane: iptables" + NODES);
    run.repetition(1);
    run.repetition(1).connections(0, 200, 0, 200).marks(Mark.POD_LOST);
    assertThat(judged(run).matrices())
        .hasSize(4)
        .allSatisfy(m -> assertThat(m.pooled().pAdjusted()).isGreaterThan(0.001));
    assertThat(judged(run).matrices().stream().mapToLong(MatrixRow::connectionsCount).sum())
        .isEqualTo(400);
  }

  @Test
  void matricesOfALawAreCountedAndNotTested() throws IOException {
    Verdicts judged = judged(cells("data-plane: ipvs, ipvs-scheduler: rr" + NODES));
    assertThat(judged.tests()).isZero();
    assertThat(judged.matrices())
        .hasSize(4)
        .allSatisfy(m -> {
          assertThat(m.connectionsCount()).isEqualTo(100);
          assertThat(List.of(m.pooled(), m.stratified())).containsOnly(VerdictRow.Test.NONE);
        });
  }
}
