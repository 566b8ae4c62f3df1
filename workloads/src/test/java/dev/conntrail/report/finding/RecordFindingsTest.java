package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.text;
import static dev.conntrail.report.finding.Said.unjudged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Death;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.LikeRow;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.Mark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of the record itself: lost requests, witnesses, marks. */
class RecordFindingsTest {
  private static final String TWO =
      "data-plane: [iptables, nftables], connections: 10, pods: 3, rate: 20, repetitions: 2";

  @TempDir private Path folder;

  private TestRun two() {
    return TestRun.ofCells(folder, TWO);
  }

  @Test
  void requestsThatNeverCameBackAreCountedOutsideProvokingCells() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, TWO, "connections: 10, pods: 3, rate: 20, phases: {idle: 1s}");
    run.repetition(1).requests(20, 10, 10).failed(50).unanswered(10);
    run.repetition(3).failed(7);
    assertThat(text(unjudged(run), "lost-requests", Tone.BAD))
        .isEqualTo(
            "Requests were lost in 1 of 2 cells that bring about no errors: 50 failed, connects included,"
                + " and 10 had no answer when the drain ended (iptables-nft, http1, 10 connections (#1):"
                + " 60). In the measure phase 340 of 400 requests that were due had an answer.");
  }

  @Test
  void thatNothingWasLostIsNoMoreThanIsKnown() throws IOException {
    assertThat(text(unjudged(two()), "lost-requests", Tone.GOOD))
        .isEqualTo(
            "No request is known to have failed, or to have stayed without an answer, in 2 cells that bring"
                + " about no errors. In the measure phase 400 of 400 requests that were due had an answer.");
    TestRun missing =
        TestRun.ofCells(folder.resolve("missing"), "connections: 10, pods: 3, rate: 20");
    missing.repetition(1).due(120);
    assertThat(text(unjudged(missing), "lost-requests", Tone.BAD))
        .isEqualTo(
            "No request is known to have failed, or to have stayed without an answer, in 1 cell that brings"
                + " about no errors. In the measure phase 100 of 120 requests that were due had an answer.");
    TestRun none = TestRun.ofCells(folder.resolve("none"), "connections: 10, pods: 3, rate: 20");
    none.repetition(1).requests(0, 0, 0);
    assertThat(text(unjudged(none), "lost-requests", Tone.UNKNOWN))
        .endsWith(" None was due in the measure phase.");
  }

  @Test
  void witnessesThatAgreeAndWhetherTheKernelWasAsked() throws IOException {
    assertThat(text(unjudged(two()), "witnesses", Tone.GOOD))
        .isEqualTo(
            "Client and pods tell the same of all 40 connections that were compared. The kernel's"
                + " connection table, asked in 4 of 4 repetitions, contradicts none of the 40 there.");
    TestRun some = TestRun.ofCells(folder.resolve("some"), TWO);
    some.repetition(1).withoutKernel();
    assertThat(text(unjudged(some), "witnesses", Tone.GOOD))
        .endsWith("asked in 3 of 4 repetitions, contradicts none of the 30 there.");
    TestRun none = TestRun.ofCells(folder.resolve("none"), "connections: 10, pods: 3");
    none.repetition(1).withoutKernel();
    assertThat(text(unjudged(none), "witnesses", Tone.GOOD))
        .isEqualTo(
            "Client and pods tell the same of all 10 connections that were compared. The kernel's"
                + " connection table was asked in no repetition.");
    TestRun nothing = TestRun.ofCells(folder.resolve("nothing"), "connections: 10, pods: 3");
    nothing.repetition(1).connections(0, 0, 0);
    assertThat(Said.ids(unjudged(nothing))).doesNotContain("witnesses");
  }

  @Test
  void whoClosedConnectionsAroundEventsIsSaid() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, TWO, "connections: 10, pods: 3, rate: 20, events: [{at: 1s, kill-pod: 1}]");
    List<Death> deaths =
        List.of(Death.RESET, Death.GOODBYE, Death.PEER_FIN, Death.OPEN, Death.OPEN);
    run.repetition(3)
        .ledger(c ->
            c.connection() <= deaths.size()
                ? LikeRow.of(c)
                    .died(
                        deaths.get(c.connection() - 1),
                        deaths.get(c.connection() - 1) == Death.OPEN ? Double.NaN : 500)
                    .row()
                : c);
    assertThat(text(unjudged(run), "witnesses", Tone.GOOD))
        .endsWith(
            " there. In cells with events pods saw 5 of 10 connections closed by who had opened them, 3 by"
                + " pods or after a pod's goodbye, and 2 by nobody.");
  }

  @Test
  void whoDiffersIsSaid() throws IOException {
    TestRun run = two();
    run.repetition(1)
        .disagreement(Difference.KERNEL_POD)
        .disagreement(Difference.NOT_IN_KERNEL)
        .disagreement(Difference.NOT_IN_LEDGER, Difference.NOT_AT_ANY_POD);
    String asked = " The kernel's connection table was asked in 4 of 4 repetitions.";
    Analysis kernel = unjudged(run);
    assertThat(text(kernel, "witnesses", Tone.BAD))
        .isEqualTo(
            "The witnesses of where connections landed differ on 3 of 40 connections that were compared:"
                + " the kernel's connection table alone differs on 3."
                + asked);
    assertThat(Said.ids(kernel)).first().isEqualTo("witnesses");
    TestRun all = TestRun.ofCells(folder.resolve("all"), TWO);
    all.repetition(1)
        .disagreement(Difference.POD, Difference.KERNEL_POD)
        .disagreement(Difference.REQUESTS)
        .disagreement(Difference.NOT_IN_LEDGER)
        .disagreement(Difference.NOT_IN_KERNEL)
        .disagreement(Difference.NODE);
    assertThat(text(unjudged(all), "witnesses", Tone.BAD))
        .isEqualTo(
            "The witnesses of where connections landed differ on 5 of 40 connections that were compared:"
                + " client and pods differ on 3, the kernel's connection table alone differs on 1, a"
                + " reply and the testbed name different nodes for 1."
                + asked);
  }

  @Test
  void aListThatIsNotWholeIsSaidToBeSo() throws IOException {
    TestRun run = two();
    run.repetition(1).disagreement(Difference.POD).disagreement(Difference.NODE);
    RunFolder written = run.fill().write();
    written.write(Tables.DISAGREEMENTS, written.rows(Tables.DISAGREEMENTS).subList(0, 1));
    String differ =
        "The witnesses of where connections landed differ on 2 of 40 connections that were compared";
    assertThat(text(again(written), "witnesses", Tone.BAD))
        .startsWith(differ + "; disagreements.csv lists 1: client and pods differ on 1. ");
    written.write(Tables.DISAGREEMENTS, List.of());
    assertThat(text(again(written), "witnesses", Tone.BAD))
        .startsWith(differ + "; disagreements.csv lists none of them. ");
  }

  private static Analysis again(RunFolder folder) throws IOException {
    return Said.with(RunResults.read(folder));
  }

  @Test
  void marksSayWhatTheyCastDoubtOn() throws IOException {
    assertThat(text(unjudged(two()), "marks", Tone.GOOD))
        .isEqualTo("None of 4 repetitions carries a mark that would make it doubtful.");
    TestRun times = TestRun.ofCells(folder.resolve("times"), TWO);
    times.repetition(1).marks(Mark.CLIENT_SHORT_OF_CPU, Mark.STEAL);
    times.repetition(2).marks(Mark.STEAL);
    assertThat(text(unjudged(times), "marks", Tone.UNKNOWN))
        .isEqualTo(
            "2 of 4 repetitions are marked: 1 client-short-of-cpu (the client, or the machine, had no CPU"
                + " to spare); 2 cpu-stolen (the hypervisor took CPU time away). Times of 2 say less for"
                + " it.");
    TestRun landed = TestRun.ofCells(folder.resolve("landed"), TWO);
    landed.repetition(1).marks(Mark.LOAD_LOST, Mark.RATE_MISSED);
    assertThat(text(unjudged(landed), "marks", Tone.BAD))
        .isEqualTo(
            "1 of 4 repetitions is marked: 1 rate-missed (fewer requests a second had an answer than were"
                + " due); 1 load-lost (a client ended before its time, and its connections are missing)."
                + " Times of 1 say less for it. Where connections of 1 landed is doubtful.");
    TestRun errors = TestRun.ofCells(folder.resolve("errors"), TWO);
    errors.repetition(1).marks(Mark.ERRORS);
    assertThat(text(unjudged(errors), "marks", Tone.UNKNOWN))
        .endsWith("1 errors (requests or connects failed).");
  }

  @ParameterizedTest
  @EnumSource(Mark.class)
  void everyMarkHasWordsAndCastsDoubtOnOneThingAtMost(Mark mark) {
    assertThat(MarkText.of(mark)).isNotBlank();
    assertThat(MarkText.ofTimes(mark) && MarkText.ofConnections(mark)).isFalse();
  }
}
