package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.text;
import static dev.conntrail.report.finding.Said.unjudged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What times are said to be: ranges beside the scatter that the run itself shows. */
class TimeFindingsTest {
  @TempDir private Path folder;

  private TestRun cells(String... blocks) {
    return TestRun.ofCells(folder, blocks);
  }

  /** Medians of connect, a repetition each. */
  private static void connects(TestRun run, int cell, double... ms) {
    for (double median : ms) {
      run.repetition(cell).times(Metric.CONNECT, median, 100);
    }
  }

  private static void responses(TestRun run, int cell, double... ms) {
    for (double median : ms) {
      run.repetition(cell).times(Metric.RESPONSE, median, 100);
    }
  }

  @Test
  void connectsStandSideBySideWithinOneKernelAndWorkload() throws IOException {
    TestRun run =
        cells(
            "data-plane: [iptables, nftables], protocol: short-lived, connections: 6, pods: 3, rate: 30,"
                + " repetitions: 3",
            "data-plane: [ipvs, direct], protocol: short-lived, connections: 6, pods: 3, rate: 30");
    run.on(
        TestbedKind.UML, c -> c.dataPlane() == DataPlane.IPVS || c.dataPlane() == DataPlane.DIRECT);
    connects(run, 1, 0.1, 0.4, 0.2);
    connects(run, 2, 0.3, 0.3, 0.3);
    connects(run, 3, 0.5);
    connects(run, 4, 0.25);
    Analysis seen = unjudged(run);
    assertThat(text(seen, "connect-" + run.cell(1).id(), Tone.PLAIN))
        .isEqualTo(
            "A TCP connect took (short-lived, 6 callers; netns) iptables-nft 200 µs (100 to 400 µs);"
                + " nftables 300 µs (300 µs). Repetitions of one such cell differ by up to 4.00 times"
                + " (half of 2 cells: up to 2.50).");
    assertThat(text(seen, "connect-" + run.cell(3).id(), Tone.PLAIN))
        .isEqualTo(
            "A TCP connect took (short-lived, 6 callers; uml) ipvs-rr 500 µs; direct 250 µs. No such cell"
                + " has two repetitions, so nothing tells how well this repeats.");
  }

  @Test
  void oneDataPlaneAloneIsNotCompared() throws IOException {
    TestRun run = cells("protocol: short-lived, connections: 6, pods: 3, rate: 30");
    assertThat(Said.ids(unjudged(run))).noneMatch(id -> id.startsWith("connect"));
  }

  @Test
  void scatterIsMeasuredAndNeverAsserted() throws IOException {
    TestRun run =
        cells("data-plane: [iptables, nftables, direct], connections: 6, pods: 3, repetitions: 4");
    responses(run, 1, 1, 2, 1, 2);
    responses(run, 2, 4, 4, 4, 5);
    responses(run, 3, 1, 1, 1, 1.1);
    assertThat(text(unjudged(run), "scatter", Tone.PLAIN))
        .isEqualTo(
            "Repetitions of one cell differ in their median response time by up to 2.00 times (half of 3"
                + " cells: up to 1.25), odd against even repetitions up to 2.00, and in their median"
                + " connect by up to 1 times (half of 3 cells: up to 1), odd against even repetitions up to"
                + " 1.");
    TestRun single = TestRun.ofCells(folder.resolve("single"), "connections: 6, pods: 3");
    assertThat(text(unjudged(single), "scatter", Tone.UNKNOWN))
        .isEqualTo(
            "No cell that brings about no errors has two repetitions with times: nothing tells how well"
                + " times repeat.");
  }

  @Test
  void thePriceOfANewConnectionIsARangeInBothDirections() throws IOException {
    TestRun run =
        cells(
            "data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 6, pods: 3, rate: 30");
    responses(run, 1, 1);
    responses(run, 2, 2);
    responses(run, 3, 4);
    responses(run, 4, 3);
    assertThat(text(unjudged(run), "price", Tone.PLAIN))
        .isEqualTo(
            "A request on a new connection took 0.750 to 2.00 times as long as one on a kept connection"
                + " (2.00 to 3.00 ms against 1.00 to 4.00 ms, medians; 2 pairs of cells that differ in that alone).");
  }

  @Test
  void pairsThatSayHowBusyTheMachineWasAreLeftOut() throws IOException {
    TestRun run =
        cells(
            "data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 6, pods: 3, rate: 30");
    responses(run, 1, 1);
    responses(run, 2, 2);
    run.repetition(3).marks(Mark.STEAL);
    assertThat(text(unjudged(run), "price", Tone.PLAIN))
        .isEqualTo(
            "A request on a new connection took 2.00 times as long as one on a kept connection (2.00 ms"
                + " against 1.00 ms, medians; 1 pair of cells that differ in that alone, without 1 that says more about"
                + " how busy the machine was).");
    TestRun busy =
        TestRun.ofCells(
            folder.resolve("busy"),
            "protocol: [http1, short-lived], connections: 6, pods: 3, rate: 30");
    busy.repetition(2).marks(Mark.RATE_MISSED);
    assertThat(text(unjudged(busy), "price", Tone.UNKNOWN))
        .isEqualTo(
            "What a new connection for each request costs cannot be told: most repetitions of 1 pair of"
                + " cells that compare are marked, and say more about how busy the machine was.");
    TestRun alone =
        TestRun.ofCells(
            folder.resolve("alone"),
            "protocol: [http2, short-lived], connections: 6, pods: 3, rate: 30");
    assertThat(Said.ids(unjudged(alone))).doesNotContain("price");
  }

  @Test
  void closedLoopsAreSaidToBeBlindToStalls() throws IOException {
    Analysis closed =
        unjudged(cells("connections: [6, 7], pods: 3", "connections: 8, pods: 3, rate: 80"));
    assertThat(ClosedLoopFinding.note(closed))
        .hasValueSatisfying(
            note -> assertThat(note).startsWith("In 2 of 3 cells each caller waits"))
        .hasValue(text(closed, "closed-loop", Tone.PLAIN));
    Analysis open =
        unjudged(TestRun.ofCells(folder.resolve("open"), "connections: 8, pods: 3, rate: 80"));
    assertThat(ClosedLoopFinding.note(open)).isEmpty();
    assertThat(Said.ids(open)).doesNotContain("closed-loop");
  }
}
