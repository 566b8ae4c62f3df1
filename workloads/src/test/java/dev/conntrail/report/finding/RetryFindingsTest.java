package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.section.Sections;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retries made of an event. */
class RetryFindingsTest {
  private static final String CELLS =
      "data-plane: nftables, retries: %s, connections: 4, pods: 3, repetitions: %d,"
          + " events: [{at: 500ms, kill-pod: 1}]";

  @TempDir private Path folder;

  private static void killed(TestRepetition r, long failed, long retried) {
    r.step(EventKind.KILL_POD, EventStep.KILLED, new double[] {1500, 1510}, 3, "pod-1")
        .effect(
            Cause.of(EventKind.KILL_POD),
            new EffectRow.Fate(4, 2, 2, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(2, 0, 0),
            new EffectRow.Ports(0, 0))
        .failedBin(1400, 100, 100)
        .failedBin(1500, failed, retried)
        .bin(1500, 2, 5, 1);
  }

  private static List<String> ids(Analysis run) {
    return new RetryFindings().of(run).stream().map(f -> f.id()).toList();
  }

  private static List<String> columns(Analysis run) {
    return Sections.all().stream()
        .filter(s -> s.id().equals("changes"))
        .flatMap(s -> s.blocks(run).stream())
        .filter(b -> b instanceof Block.Table t && t.id().equals("recovery"))
        .flatMap(b -> ((Block.Table) b).columns().stream())
        .map(c -> c.name())
        .toList();
  }

  @Test
  void theSameEventWithAndWithoutThemIsCompared() throws IOException {
    TestRun run = TestRun.ofCells(folder, CELLS.formatted("[off, library]", 2));
    killed(run.repetition(1), 3, 0);
    killed(run.repetition(1), 4, 0);
    killed(run.repetition(2), 0, 2);
    killed(run.repetition(2), 1, 3);
    Analysis seen = Analysis.of(run.read());
    assertThat(text(seen, "retries-" + run.cell(2).id(), Tone.PLAIN))
        .isEqualTo(
            "What retries made of kill-pod (http1, retried by the library, 4 connections, kill-pod 1;"
                + " netns): nftables: 1 request failed with 5 retries, and 7 without.");
    assertThat(columns(seen)).containsSubsequence("failed requests", "retried", "broke");
  }

  @Test
  void whatACellNamesThatHoldsAnywayMakesItNoOther() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, CELLS.formatted("off", 1) + ", syn-retries: 6", CELLS.formatted("library", 1));
    killed(run.repetition(1), 3, 0);
    killed(run.repetition(2), 0, 2);
    assertThat(text(Analysis.of(run.read()), "retries-" + run.cell(2).id(), Tone.PLAIN))
        .endsWith(": 0 requests failed with 2 retries, and 3 without.");
  }

  @Test
  void oneRetryIsSaidSo() throws IOException {
    TestRun run = TestRun.ofCells(folder, CELLS.formatted("[off, library]", 1));
    killed(run.repetition(1), 0, 0);
    killed(run.repetition(2), 2, 1);
    assertThat(text(Analysis.of(run.read()), "retries-" + run.cell(2).id(), Tone.PLAIN))
        .endsWith(": 2 requests failed with 1 retry, and 0 without.");
  }

  @Test
  void whatWasNotWatchedAsOftenIsNotCompared() throws IOException {
    TestRun run = TestRun.ofCells(folder, CELLS.formatted("[off, library]", 2));
    killed(run.repetition(1), 3, 0);
    killed(run.repetition(2), 0, 2);
    killed(run.repetition(2), 1, 3);
    assertThat(ids(Analysis.of(run.read()))).isEmpty();
  }

  @Test
  void withRetriesOffNothingIsSaidOfThem() throws IOException {
    TestRun run = TestRun.ofCells(folder, CELLS.formatted("off", 1));
    killed(run.repetition(1), 3, 0);
    Analysis seen = Analysis.of(run.read());
    assertThat(ids(seen)).isEmpty();
    assertThat(columns(seen)).contains("failed requests").doesNotContain("retried");
  }
}
