package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.judged;
import static dev.conntrail.report.finding.Said.text;
import static dev.conntrail.report.finding.Said.unjudged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where connections and requests landed. */
class ConnectionFindingsTest {
  @TempDir private Path folder;

  private TestRun cells(String... blocks) {
    return TestRun.ofCells(folder, blocks);
  }

  @Test
  void idlePodsStandBesideChanceAndTheControl() throws IOException {
    TestRun run =
        cells(
            "data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 6, pods: 5,"
                + " rate: 300, repetitions: 2");
    run.repetition(1).connections(3, 3, 0, 0, 0);
    run.repetition(1).connections(2, 2, 2, 0, 0);
    run.repetition(2).connections(60, 60, 60, 60, 60).requests(75, 75, 75, 75, 0);
    run.repetition(3).connections(6, 0, 0, 0, 0);
    run.repetition(3).connections(2, 1, 1, 1, 1);
    // (4/5)^6 of 5 pods is 1.31; of two such repetitions 95 % have 0.5 to 2.5 on average
    assertThat(text(judged(run), "idle-pods", Tone.PLAIN))
        .isEqualTo(
            "6 long-lived connections left 2 to 2.50 of 5 pods without one (2 cells); chance leaves 1.31"
                + " (0.500 to 2.50 in 95 of 100 such runs). A new connection for each request left 0 to"
                + " 0.500 without a request (2 cells).");
  }

  @Test
  void connectionsThatAreMissingAreNotSaidToBeThere() throws IOException {
    TestRun run = cells("connections: 6, pods: 5, rate: 300, repetitions: 2");
    run.repetition(1).connections(0, 0, 0, 0, 0).requests(0);
    run.repetition(1).connections(1, 0, 0, 0, 0);
    assertThat(text(judged(run), "idle-pods", Tone.PLAIN))
        .startsWith("0.500 of 6 long-lived connections left 4.50 of 5 pods without one (1 cell);");
  }

  @Test
  void evennessIsComparedCellByCell() throws IOException {
    TestRun run =
        cells(
            "data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 6, pods: 3,"
                + " rate: 300",
            "protocol: http2, pooling: shared, connections: 6, pods: 3, rate: 300");
    run.repetition(1).requests(200, 100, 0);
    run.repetition(2).requests(110, 100, 90);
    run.repetition(3).requests(100, 100, 100);
    run.repetition(4).requests(120, 90, 90);
    run.repetition(5).requests(300, 0, 0);
    assertThat(text(judged(run), "evenness", Tone.PLAIN))
        .isEqualTo(
            "In 1 of 2 cells with long-lived connections pods were loaded less evenly than with a new"
                + " connection for each request through the same data plane. Requests of the busiest"
                + " pod over the mean: 1 to 2 with long-lived connections (2 cells), 3 with one client"
                + " object that all callers share (1 cell) and 1.10 to 1.20 with a new connection for"
                + " each request (2 cells).");
  }

  @Test
  void evennessIsNotSaidOfWhatHadNoRequests() throws IOException {
    TestRun run = cells("protocol: [http1, short-lived], connections: 6, pods: 3, rate: 300");
    run.repetition(1).requests(0, 0, 0);
    run.repetition(2).requests(100, 100, 100);
    assertThat(text(judged(run), "evenness", Tone.PLAIN))
        .isEqualTo(
            "Requests of the busiest pod over the mean: 1 with a new connection for each request (1"
                + " cell).");
  }

  @Test
  void connectionsStayOrChange() throws IOException {
    TestRun run =
        cells("connections: 3, pods: 3, rate: 300", "protocol: short-lived, pods: 3, rate: 300");
    assertThat(text(unjudged(run), "staying", Tone.GOOD))
        .isEqualTo(
            "Connections stayed on their pod: of 1,500 replies on 3 connections that had more than one, none"
                + " came from another pod than the first.");
    TestRun moved = TestRun.ofCells(folder.resolve("moved"), "connections: 3, pods: 3, rate: 300");
    moved.repetition(1).ledger(c -> c.connection() == 1 ? Ledgers.strayed(c, 7) : c);
    Analysis changed = unjudged(moved);
    assertThat(text(changed, "staying", Tone.BAD))
        .isEqualTo(
            "Connections changed their pod: of 1,500 replies on 3 connections that had more than one, or"
                + " another pod's, 7 came from another pod than the first, on 1 connection (iptables-nft,"
                + " http1, 3 connections (#1)).");
    assertThat(Said.ids(changed)).first().isEqualTo("staying");
    TestRun silent =
        TestRun.ofCells(folder.resolve("silent"), "connections: 3, pods: 3, rate: 300");
    silent.repetition(1).requests(0, 0, 0);
    assertThat(Said.ids(unjudged(silent))).doesNotContain("staying");
  }

  @Test
  void sharedClientsAreCountedByWhereConnectionsLayAndByWhoGotRequests() throws IOException {
    TestRun run =
        cells(
            "protocol: http2, pooling: shared, connections: 100, pods: 4, rate: 300, repetitions: 2",
            "protocol: grpc, pooling: shared, connections: 1, pods: 4, rate: 300");
    run.repetition(1).connections(4, 3, 2, 0).requests(300, 0, 0, 0);
    run.repetition(1).connections(9, 1, 1, 2).requests(150, 150, 0, 0);
    run.repetition(2)
        .connections(2, 0, 0, 0)
        .requests(300)
        .ledger(c -> c.connection() == 2 ? Ledgers.lost(c) : c);
    assertThat(text(unjudged(run), "shared-clients", Tone.PLAIN))
        .isEqualTo(
            "Callers that share one client object sent their requests to 1 to 2 of 4 pods: iptables-nft,"
                + " http2: 100 callers opened 9 to 13 connections on 3 to 4 of 4 pods, requests went to 1"
                + " to 2; iptables-nft, grpc: 1 caller opened 2 connections on at least 1 of 4 pods,"
                + " requests went to 1.");
  }

  @Test
  void schedulersThatHashReachFewPods() throws IOException {
    TestRun run =
        cells(
            "data-plane: ipvs, ipvs-scheduler: [rr, sh, mh], connections: 6, clients: 2, pods: 4");
    run.repetition(3).connections(4, 2, 0, 0);
    assertThat(text(unjudged(run), "hashing", Tone.PLAIN))
        .isEqualTo(
            "Pods reached where ipvs's scheduler hashes: ipvs-sh, http1, 6 connections, 2 clients (#2),"
                + " from 2 clients: 2 of 4 pods by a client's address; ipvs-mh, http1, 6 connections, 2"
                + " clients (#3), from 2 clients: 2 of 4 pods by a client's address and port.");
    TestRun one =
        TestRun.ofCells(folder.resolve("rr"), "data-plane: ipvs, connections: 6, pods: 4");
    assertThat(Said.ids(unjudged(one))).doesNotContain("hashing");
  }

  @Test
  void nodesThatStartTogetherTakeTheSameTurns() throws IOException {
    TestRun run =
        cells("data-plane: [ipvs, iptables], connections: 4, clients: 2, nodes: [1, 2], pods: 4");
    // cells in the order of data plane, nodes
    run.repetition(1).connections(1, 1, 1, 1);
    run.repetition(2).connectionsOf(1, 1, 1, 0, 0).connectionsOf(2, 1, 1, 0, 0);
    Analysis judged = judged(run);
    assertThat(text(judged, "nodes-together-" + run.cell(2).id(), Tone.PLAIN))
        .isEqualTo(
            "ipvs-rr, http1, 4 connections, 2 clients on 2 nodes (#2), each node taking its own turns: 0"
                + " of 4 pods idle from one node, 2 from 2 nodes that start together; a draw would leave"
                + " 1.27.");
    assertThat(text(judged, "nodes-together-" + run.cell(4).id(), Tone.PLAIN))
        .startsWith("iptables-nft, http1, 4 connections, 2 clients on 2 nodes (#4): ")
        .doesNotContain("turns");
  }

  private static MatrixRow pair(
      DataPlane plane, String client, String pod, long count, double expected, double p) {
    return pair(plane, client, pod, count, expected, p, VerdictRow.Test.NONE);
  }

  private static MatrixRow pair(
      DataPlane plane,
      String client,
      String pod,
      long count,
      double expected,
      double p,
      VerdictRow.Test byRepetition) {
    return new MatrixRow(
        TestRun.RUN,
        TestbedKind.KIND,
        plane,
        Optional.empty(),
        plane == DataPlane.IPVS ? Optional.of(IpvsScheduler.RR) : Optional.empty(),
        1,
        5,
        client,
        pod,
        count,
        expected,
        Double.isNaN(p) ? VerdictRow.Test.NONE : Said.test(p),
        byRepetition);
  }

  @Test
  void onlyMatricesThatWereTestedAreCalledTested() throws IOException {
    Analysis run =
        Said.with(
            unjudged(cells("connections: 3, pods: 3")),
            pair(DataPlane.NFTABLES, "a", "a", 60, 40, 1e-6),
            pair(DataPlane.NFTABLES, "a", "b", 40, 60, 1e-6),
            pair(DataPlane.IPTABLES, "a", "a", 41, 40, 0.83),
            pair(DataPlane.IPTABLES, "a", "b", 59, 60, 0.83),
            pair(DataPlane.IPVS, "a", "a", 50, 40, Double.NaN),
            pair(DataPlane.IPVS, "a", "b", 50, 60, Double.NaN));
    assertThat(text(run, "nodes-not-chance", Tone.BAD))
        .isEqualTo(
            "Not chance: from node to node connections went otherwise than a draw gives that knows no"
                + " nodes: through nftables (kind, 5 pods) 60 % of 100 connections came to a pod on their"
                + " client's own node, where chance gives 40 % (whole matrix: p = 1.0e-6).");
    assertThat(text(run, "nodes", Tone.GOOD))
        .isEqualTo(
            "From node to node connections went as a draw may send them that knows no nodes: through"
                + " iptables (kind, 5 pods) 41 % of 100 connections came to a pod on their client's own"
                + " node, where chance gives 40 % (whole matrix: p = 0.830).");
    assertThat(text(run, "nodes-not-tested", Tone.PLAIN))
        .isEqualTo(
            "From node to node, not tested: through ipvs-rr (kind, 5 pods) 50 % of 100 connections came to"
                + " a pod on their client's own node, where chance gives 40 %.");
  }

  @Test
  void aMatrixThatIsNotChanceInItsRepetitionsAloneIsCalledSo() throws IOException {
    Analysis run =
        Said.with(
            unjudged(cells("connections: 3, pods: 3")),
            pair(DataPlane.NFTABLES, "a", "a", 40, 40, 1, Said.test(2e-5)),
            pair(DataPlane.NFTABLES, "a", "b", 60, 60, 1, Said.test(2e-5)));
    assertThat(text(run, "nodes-not-chance", Tone.BAD))
        .endsWith(
            "40 % of 100 connections came to a pod on their client's own node, where chance gives 40 %"
                + " (whole matrix repetition by repetition: p = 2.0e-5).");
  }

  @Test
  void aClusterIsComparedWithTheNewestWholeRunInNamespacesBesideIt() throws IOException {
    String cells =
        "experiment: same\nquestion: q\ntestbed: %s\nmatrix:\n  - {data-plane: [nftables, direct],"
            + " connections: 4, pods: 4, rate: 300}\n";
    TestRun there = TestRun.of(folder.resolve("there"), cells.formatted("netns"));
    there.repetition(1).connections(1, 1, 1, 1).times(dev.conntrail.record.Metric.RESPONSE, 2, 300);
    there.repetition(2).connections(1, 1, 1, 1);
    there.write();
    Files.createDirectories(folder.resolve("no-run"));
    TestRun here = TestRun.of(folder.resolve("here"), cells.formatted("kind"));
    here.repetition(1).connections(4, 0, 0, 0).times(dev.conntrail.record.Metric.RESPONSE, 3, 300);
    here.repetition(2).connections(4, 0, 0, 0);
    Analysis run = judged(here).withOther();
    assertThat(text(run, "other-testbed", Tone.UNKNOWN))
        .isEqualTo(
            "Beside run there on netns, which has 2 of 2 cells with the same set-up: the verdict on"
                + " connections is another word in 1 (direct, http1, 4 connections (#2): law broken here,"
                + " by design there).");
    assertThat(text(run, "other-testbed-times", Tone.PLAIN))
        .isEqualTo(
            "Over the 2 cells with the same set-up in run there on netns, a median request took 1 to 1.50"
                + " times and a median connect 1 times as long here.");
    assertThat(Said.ids(Analysis.of(there.read()).withOther())).doesNotContain("other-testbed");
  }

  @Test
  void cellsWithTheRulesOfAnotherKubeProxyAreCountedApart() throws IOException {
    String cells =
        "experiment: same\nquestion: q\ntestbed: %s\nmatrix:\n  - {data-plane: [nftables, direct],"
            + " kube-proxy: %s, connections: 4, pods: 4}\n";
    TestRun there = TestRun.of(folder.resolve("there"), cells.formatted("netns", "1.37"));
    there.repetition(1).connections(1, 1, 1, 1);
    there.repetition(2).connections(1, 1, 1, 1);
    there.write();
    TestRun here = TestRun.of(folder.resolve("here"), cells.formatted("kind", "1.34"));
    here.repetition(1).connections(1, 1, 1, 1);
    here.repetition(2).connections(1, 1, 1, 1);
    assertThat(text(judged(here).withOther(), "other-testbed", Tone.PLAIN))
        .startsWith(
            "Beside run there on netns, which has 1 of 2 cells with the same set-up, and 1 with the rules of"
                + " another kube-proxy: the verdict on connections is");
  }
}
