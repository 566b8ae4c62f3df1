package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.judged;
import static dev.conntrail.report.finding.Said.text;
import static dev.conntrail.report.finding.Said.unjudged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes, idleness and small tables did. */
class EffectFindingsTest {
  @TempDir private Path folder;

  private static EffectRow.Fate kept(long open, long kept) {
    return new EffectRow.Fate(open, kept, 0, 0, open - kept);
  }

  private static TestRepetition effect(
      TestRepetition r,
      Cause cause,
      EffectRow.Fate open,
      EffectRow.Leaving leaving,
      EffectRow.New opened) {
    return r.effect(cause, open, leaving, opened, new EffectRow.Ports(0, 0));
  }

  private static void scaleOut(TestRepetition r, long opened, long toAdded) {
    joined(r.event(EventKind.ADD_ENDPOINTS, 1000, 5, "pod-4", "pod-5"), opened, toAdded);
  }

  private static void joined(TestRepetition r, long opened, long toAdded) {
    effect(
        r,
        Cause.of(EventKind.ADD_ENDPOINTS),
        kept(6, 6),
        new EffectRow.Leaving(0, 0),
        new EffectRow.New(opened, toAdded, 0));
  }

  /** Where they join is another step than the first, which is about no pod. */
  @Test
  void onAClusterTheApiIsChangedFirst() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "connections: 4, pods: 3, events: [{at: 500ms, add-endpoints: 2}]");
    TestRepetition r = run.repetition(1);
    double[] atOnce = {1000, 1000};
    joined(r.step(EventKind.ADD_ENDPOINTS, EventStep.API_CHANGED, atOnce, 3), 10, 2);
    double[] later = {1000, 1400};
    r.step(EventKind.ADD_ENDPOINTS, EventStep.JOINED, later, 5, "pod-4", "pod-5");
    assertThat(text(unjudged(run), "scale-out-" + run.cell(1).id(), Tone.PLAIN))
        .contains(", 2 joining 3:", "20 % of 10; an equal share is 40 %");
  }

  @Test
  void newPodsGetAShareOfWhatIsOpenedLater() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, ipvs], opening: spread, connections: 10, pods: 3, repetitions: 2,"
                + " events: [{at: 500ms, add-endpoints: 2}]");
    scaleOut(run.repetition(1), 8, 4);
    scaleOut(run.repetition(1), 10, 2);
    scaleOut(run.repetition(2), 0, 0);
    Analysis seen = unjudged(run);
    String id = "scale-out-" + run.cell(1).id();
    String stated =
        "Scale-out (http1, 10 connections, opened one after the other, add-endpoints 2; netns), 2 joining"
            + " 3: of the connections opened afterwards the new pods got: iptables-nft 20 to 50 % of 18;"
            + " ipvs-rr nothing, for none was opened; an equal share is 40 %. Of ";
    assertThat(text(seen, id, Tone.PLAIN))
        .startsWith(stated)
        .endsWith(" connections open before, none had a reply from another pod than the first.");
    TestRun moved =
        TestRun.ofCells(
            folder.resolve("moved"),
            "connections: 4, pods: 3, events: [{at: 500ms, add-endpoints: 2}]");
    moved
        .repetition(1)
        .connections(2, 1, 1)
        .ledger(c -> c.connection() < 3 ? Ledgers.strayed(c, 2) : c);
    scaleOut(moved.repetition(1), 4, 4);
    scaleOut(moved.repetition(1).ledger(c -> Ledgers.strayed(c, 1)), 4, 4);
    assertThat(text(unjudged(moved), "scale-out-" + moved.cell(1).id(), Tone.PLAIN))
        .endsWith("Of 8 connections open before, 4 had a reply from another pod than the first.");
  }

  /** The one connection on a pod that joined was there before it: what no data plane does. */
  @Test
  void newPodsGetNothingOfWhatIsOlderThanThey() throws IOException {
    String cell = "connections: 4, pods: 3, events: [{at: 500ms, add-endpoints: 2}]";
    TestRun moved = TestRun.ofCells(folder, cell);
    scaleOut(moved.repetition(1).connections(2, 1, 0, 1, 0).bin(500, 1, 1, 1), 4, 4);
    assertThat(text(judged(moved), "new-pods-" + moved.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "Pods that joined (http1, 4 connections, add-endpoints 2; netns): iptables-nft: 0 of 2 got a"
                + " connection, and 1 of their 1 connections were older than they.");
    TestRun later =
        TestRun.ofCells(folder.resolve("later"), cell.replace("pods", "opening: spread, pods"));
    scaleOut(later.repetition(1).connections(1, 1, 0, 1, 1).bin(500, 1, 1, 1), 4, 4);
    assertThat(text(judged(later), "new-pods-" + later.cell(1).id(), Tone.PLAIN))
        .contains(": 2 of 2 got a connection, the first after ")
        .endsWith(", and none of their 2 connections were older than they.");
  }

  /** Five endpoints have 100 requests in the second after, one of them 90; it were 60 on three. */
  @Test
  void whatAMeanHidesIsTheHottestPod() throws IOException {
    String cell = "connections: 4, pods: 3, events: [{at: 500ms, add-endpoints: 2}]";
    TestRun run = TestRun.ofCells(folder, cell);
    scaleOut(
        run.repetition(1)
            .bin(500, 1, 40, 1)
            .bin(600, 2, 20, 1)
            .bin(1500, 1, 90, 1)
            .bin(1600, 2, 10, 1),
        4,
        4);
    assertThat(text(judged(run), "autoscaler-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "What an autoscaler's mean hides in the second after (http1, 4 connections, add-endpoints 2;"
                + " netns): iptables-nft: the hottest of 5 pods answered 4.50 times the mean, and an HPA would"
                + " choose 5 by the mean, 23 by the hottest.");
    TestRun silent = TestRun.ofCells(folder.resolve("silent"), cell);
    scaleOut(silent.repetition(1).bin(1500, 1, 90, 1), 4, 4);
    assertThat(FindingSource.findings(judged(silent)))
        .as("without requests before there is no target")
        .noneMatch(f -> f.id().startsWith("autoscaler"));
  }

  /** Without anything nobody learns of it; with pings and with few retransmissions all do. */
  private Analysis silence(String name, long struck, long broken, double pingsMs, double kernelMs)
      throws IOException {
    String cell = "protocol: http2, connections: 10, pods: 3, events: [{at: 500ms, power-off: 1}]";
    TestRun run =
        TestRun.ofCells(
            folder.resolve(name), cell + ", keep-alive: [none, ping]", cell + ", tcp-retries: 3");
    for (int i = 1; i <= 3; i++) {
      long ended = i == 1 ? 0 : broken;
      effect(
          run.repetition(i)
              .struck(struck)
              .noticed(i == 2 ? pingsMs : kernelMs)
              .event(EventKind.POWER_OFF, 1000, 3, "pod-1"),
          Cause.of(EventKind.POWER_OFF),
          new EffectRow.Fate(10, 8, 0, ended, 2 - ended),
          new EffectRow.Leaving(0, 0),
          new EffectRow.New(0, 0, 0));
    }
    return unjudged(run);
  }

  private static String ofSilence(Analysis run) {
    CellId first = run.results().measured().getFirst().id();
    return text(run, "silence-" + first, Tone.PLAIN);
  }

  @Test
  void pingsTellOfASilentPodBeforeTheKernelOrAfterIt() throws IOException {
    assertThat(ofSilence(silence("before", 2, 2, 100, 300)))
        .isEqualTo(
            "Open connections that broke when a pod fell silent (http2, netns), by what clients have"
                + " against it: nothing: none (2 on it); keep-alive ping every 1s: 2 (2 on it), seen"
                + " after 100 ms; tcp-retries 3: 2 (2 on it), seen after 300 ms. Pings told of it"
                + " before the kernel had sent data again for the last time.");
    assertThat(ofSilence(silence("after", 2, 2, 300, 100)))
        .endsWith(" Pings told of it after the kernel had sent data again for the last time.");
    assertThat(ofSilence(silence("when", 2, 2, 100, 100)))
        .endsWith(
            " Pings told of it when the kernel did, which had sent data again for the last time.");
    assertThat(ofSilence(silence("some", 2, 1, 100, 300)))
        .as("who has not learned of it may do so later")
        .endsWith("seen after 300 ms.");
    assertThat(FindingSource.findings(silence("spared", 0, 0, 100, 300)))
        .as("nobody was connected to it")
        .noneMatch(f -> f.id().startsWith("silence"));
  }

  @Test
  void whatAnEventCostIsSaidByPlane() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, nftables], connections: 10, pods: 3, events: [{at: 500ms, power-off: 1}]");
    for (int cell = 1; cell <= 2; cell++) {
      effect(
          run.repetition(cell)
              .failed(cell - 1)
              .struck(cell - 1)
              .event(EventKind.POWER_OFF, 1000, 3, "pod-1"),
          Cause.of(EventKind.POWER_OFF),
          new EffectRow.Fate(10, 6, 1, 0, 3),
          new EffectRow.Leaving(0, 0),
          new EffectRow.New(0, 0, 0));
    }
    assertThat(text(unjudged(run), "event-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "What power-off cost (http1, 10 connections, power-off 1 rules-after never; netns):"
                + " iptables-nft: no connection was open on a pod that it struck, so what it costs is"
                + " not told (1 of 10 connections open ended before the client wanted it, on 3 nothing"
                + " sent afterwards was answered, 0 failures of a request or connect from then on);"
                + " nftables: 1 of 10 connections open ended before the client wanted it, on 3 nothing"
                + " sent afterwards was answered, 1 failure of a request or connect from then on.");
  }

  @Test
  void whatBecameOfConnectionsOnPodsThatLeft() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, ipvs, nftables], connections: 10, pods: 3, events: [{at: 500ms, remove-endpoints: 1}]");
    effect(
        run.repetition(1).event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1"),
        Cause.of(EventKind.REMOVE_ENDPOINTS),
        kept(10, 10),
        new EffectRow.Leaving(4, 4),
        new EffectRow.New(20, 0, 0));
    effect(
        run.repetition(2).failed(3).event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1"),
        Cause.of(EventKind.REMOVE_ENDPOINTS),
        new EffectRow.Fate(10, 7, 2, 1, 0),
        new EffectRow.Leaving(3, 0),
        new EffectRow.New(20, 0, 5));
    effect(
        run.repetition(3).event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1"),
        Cause.of(EventKind.REMOVE_ENDPOINTS),
        kept(10, 10),
        new EffectRow.Leaving(0, 0),
        new EffectRow.New(0, 0, 0));
    assertThat(text(unjudged(run), "removal-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "Endpoints left the Service and their pods lived on (http1, 10 connections, remove-endpoints 1;"
                + " netns): iptables-nft: 4 of 4 connections open on them went on, 0 of 20 opened later"
                + " came to them; ipvs-rr: 0 of 3 connections open on them went on, 5 of 20 opened later"
                + " came to them, 3 of 10 open anywhere broke, seen by the client 100 ms after it began, 3"
                + " failures of a request or connect; nftables: no connection was open on them, none was opened later.");
  }

  @Test
  void aDeletionIsNoRemovalAndASecondChangeHasASentenceOfItsOwn() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: ipvs, connections: 10, pods: 3, events: [{at: 500ms, remove-endpoints: 1}, {at: 900ms,"
                + " delete-endpoints: 1}]");
    TestRepetition r = run.repetition(1).event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1");
    effect(
        r,
        Cause.of(EventKind.REMOVE_ENDPOINTS),
        kept(10, 10),
        new EffectRow.Leaving(4, 4),
        new EffectRow.New(0, 0, 0));
    effect(
        r.event(EventKind.DELETE_ENDPOINTS, 1500, 1, "pod-2"),
        Cause.of(EventKind.DELETE_ENDPOINTS),
        kept(10, 9),
        new EffectRow.Leaving(3, 2),
        new EffectRow.New(0, 0, 0));
    Analysis seen = unjudged(run);
    assertThat(text(seen, "removal-" + run.cell(1).id(), Tone.PLAIN))
        .contains("4 of 4 connections");
    assertThat(text(seen, "deletion-" + run.cell(1).id() + "-2", Tone.PLAIN))
        .startsWith("Endpoints were deleted, ipvs's real servers at once (")
        .contains("2 of 3 connections");
  }

  @Test
  void endsThatMoveAreCountedWhereSomeWereUsedAgain() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, nftables], protocol: short-lived, connections: 5, pods: 3, rate: 30,"
                + " local-ports: 50, repetitions: 2, events: [{at: 500ms, remove-endpoints: 1}]");
    for (int moved : new int[] {10, 5}) {
      run.repetition(1)
          .event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1")
          .effect(
              Cause.of(EventKind.REMOVE_ENDPOINTS),
              kept(0, 0),
              new EffectRow.Leaving(0, 0),
              new EffectRow.New(60, 0, 0),
              new EffectRow.Ports(20, moved));
    }
    assertThat(text(unjudged(run), "ports-moved-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "Clients' ends (address and port) that were used before and after an endpoint left, and whose"
                + " pod stayed (short-lived, 5 callers, remove-endpoints 1, local-ports 50; netns): to"
                + " another pod came: iptables-nft 25 to 50 % of 40.");
  }

  @Test
  void idleConnectionsBreakSoLongAfterTheIdlePhaseBegan() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, ipvs], connections: 10, pods: 3, phases: {idle: 2s}",
            "data-plane: nftables, connections: 10, pods: 3, phases: {idle: 2s}");
    effect(
        run.repetition(1),
        Cause.IDLE,
        kept(10, 10),
        new EffectRow.Leaving(0, 0),
        new EffectRow.New(0, 0, 0));
    effect(
        run.repetition(2),
        Cause.IDLE,
        new EffectRow.Fate(10, 2, 6, 1, 1),
        new EffectRow.Leaving(0, 0),
        new EffectRow.New(0, 0, 0));
    assertThat(text(unjudged(run), "idle-connections-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "Connections that were idle (http1, 10 connections, idle for 2000 ms; netns): iptables-nft: 10"
                + " of 10 connections went on; ipvs-rr: 2 of 10 connections went on, 7 broke (6 reset),"
                + " seen by the client 100 ms after the idle phase began, 1 had no answer.");
  }

  @Test
  void portsThatAreUsedAgain() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: ipvs, ipvs-scheduler: mh, conn-reuse-mode: [0, 1], protocol: short-lived, connections: 5,"
                + " pods: 3, rate: 30, local-ports: 50");
    run.repetition(1).connections(90, 30, 0);
    run.repetition(2).connections(40, 40, 40);
    assertThat(text(Said.judged(run), "port-reuse-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "Ports used again through ipvs (short-lived, 5 callers, local-ports 50; netns): ipvs-mh,"
                + " conn-reuse-mode 0: the busiest pod got 2.25 times the mean of connections, 1 of 3"
                + " pods none; ipvs-mh, conn-reuse-mode 1: the busiest pod got 1 times the mean of"
                + " connections, 0 of 3 pods none.");
  }

  @Test
  void aSmallTableIsSaidByWhatItDidToRequests() throws IOException {
    TestRun run =
        TestRun.of(
            folder,
            "experiment: literal\nquestion: q\ntestbed: uml\nmatrix:\n  - {data-plane: iptables,"
                + " iptables-backend: legacy, conntrack-max: [20, 60], connections: 10, pods: 3, rate: 30}\n");
    run.repetition(1).requests(60, 20, 20).failed(50).times(Metric.FAILURE, 1500, 50);
    run.repetition(2).requests(50, 50, 50);
    assertThat(text(unjudged(run), "full-table", Tone.PLAIN))
        .isEqualTo(
            "With room for few entries in the kernel's connection table: iptables-legacy, http1, 10"
                + " connections, conntrack-max 20 (#1): 100 of 150 requests that were due had an answer,"
                + " 50 failed, 1.50 s (median) after they were due; iptables-legacy, http1, 10"
                + " connections, conntrack-max 60 (#2): 150 of 150 requests that were due had an answer, 0"
                + " failed.");
  }
}
