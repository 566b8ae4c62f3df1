package dev.conntrail.report.finding;

import static dev.conntrail.report.finding.Said.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
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

/** What a hook made of an event. */
class HookFindingsTest {
  @TempDir private Path folder;

  private static TestRepetition updated(TestRepetition r) {
    return r.step(EventKind.ROLLING_UPDATE, EventStep.MADE, new double[] {1500, 1510}, 3, "pod-4")
        .effect(
            Cause.of(EventKind.ROLLING_UPDATE),
            new EffectRow.Fate(4, 2, 2, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(2, 0, 0),
            new EffectRow.Ports(0, 0))
        .bin(1500, 2, 5, 1);
  }

  /** What was due before the event is none of it. */
  private static void lost(TestRepetition r, long answered, long failed, long unanswered) {
    updated(r).due(1400, 10, 10, 10).due(1500, answered, failed, 0).due(1600, 0, 0, unanswered);
  }

  private TestRun run(int repetitions, String... others) {
    return TestRun.ofCells(
        folder,
        List.of(others).stream()
            .map(other ->
                "data-plane: nftables, connections: 4, pods: 3, repetitions: %d, events: [{at: 500ms, rolling-update: drain%s}]"
                    .formatted(repetitions, other))
            .toArray(String[]::new));
  }

  private static List<String> ids(TestRun run) throws IOException {
    return new HookFindings().of(Analysis.of(run.read())).stream().map(f -> f.id()).toList();
  }

  @Test
  void theSameEventWithAndWithoutIsCompared() throws IOException {
    TestRun run = run(2, "", ", pre-stop: 600ms");
    lost(run.repetition(1), 20, 3, 1);
    lost(run.repetition(1), 20, 4, 0);
    lost(run.repetition(2), 30, 0, 0);
    lost(run.repetition(2), 30, 1, 0);
    assertThat(text(Analysis.of(run.read()), "pre-stop-" + run.cell(2).id(), Tone.PLAIN))
        .isEqualTo(
            "What preStop made of rolling-update (http1, 4 connections, rolling-update drain pre-stop"
                + " 600ms; netns): nftables: 1 of 61 requests lost with it, and 8 of 48 requests lost"
                + " without.");
    assertThat(ids(run)).hasSize(1);
  }

  @Test
  void aHookThatSavedNothingIsSaidSo() throws IOException {
    TestRun run = run(1, "", ", pre-stop: 600ms");
    lost(run.repetition(1), 1, 0, 0);
    lost(run.repetition(2), 2, 1, 2);
    assertThat(text(Analysis.of(run.read()), "pre-stop-" + run.cell(2).id(), Tone.PLAIN))
        .endsWith(": 3 of 5 requests lost with it, and 0 of 1 request lost without.");
  }

  @Test
  void eachHookIsComparedAndWhatDiffersElseIsNot() throws IOException {
    TestRun run =
        run(
            1,
            "",
            ", pre-stop: 600ms",
            ", pre-stop: 1s",
            ", pre-stop: 1s, grace: 9s",
            ", grace: 8s");
    for (int cell = 1; cell <= 5; cell++) {
      lost(run.repetition(cell), 9, cell, 0);
    }
    assertThat(ids(run))
        .containsExactly("pre-stop-" + run.cell(2).id(), "pre-stop-" + run.cell(3).id());
  }

  /** What one of them names is the same as what goes without saying. */
  @Test
  void aDefaultThatIsNamedMakesNoDifference() throws IOException {
    TestRun run = run(1, "", ", pre-stop: 600ms");
    TestRun named =
        TestRun.ofCells(
            folder.resolve("named"),
            "data-plane: nftables, connections: 4, pods: 3, retries: off, events: [{at: 500ms, rolling-update: drain}]",
            "data-plane: nftables, connections: 4, pods: 3, events: [{at: 500ms, rolling-update: drain, pre-stop: 600ms}]");
    for (int cell = 1; cell <= 2; cell++) {
      lost(run.repetition(cell), 9, cell, 0);
      lost(named.repetition(cell), 9, cell, 0);
    }
    assertThat(ids(named)).isEqualTo(ids(run)).hasSize(1);
  }

  @Test
  void whatWasNotRecordedAsOftenIsNotCompared() throws IOException {
    TestRun run = run(2, "", ", pre-stop: 600ms");
    lost(run.repetition(1), 20, 3, 1);
    updated(run.repetition(1));
    lost(run.repetition(2), 30, 0, 0);
    lost(run.repetition(2), 30, 1, 0);
    assertThat(ids(run)).isEmpty();
  }

  @Test
  void whatWasNotRecordedAtAllIsNotCompared() throws IOException {
    TestRun run = run(1, "", ", pre-stop: 600ms");
    updated(run.repetition(1));
    updated(run.repetition(2));
    assertThat(ids(run)).isEmpty();
  }

  /** The hook is another event's. */
  @Test
  void whatEndsNoPodsHasNoHook() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "connections: 4, pods: 3, events: [{at: 500ms, pause: 1, for: 1s}, {at: 2s, scale: 2}]",
            "connections: 4, pods: 3,"
                + " events: [{at: 500ms, pause: 1, for: 1s}, {at: 2s, scale: 2, pre-stop: 90ms}]");
    for (int cell = 1; cell <= 2; cell++) {
      run.repetition(cell)
          .step(EventKind.PAUSE, EventStep.PAUSED, new double[] {1500, 1510}, 3, "pod-1")
          .effect(
              Cause.of(EventKind.PAUSE),
              new EffectRow.Fate(4, 4, 0, 0, 0),
              new EffectRow.Leaving(0, 0),
              new EffectRow.New(0, 0, 0),
              new EffectRow.Ports(0, 0))
          .bin(1500, 2, 5, 1)
          .due(1500, 5, 1, 0);
    }
    assertThat(ids(run)).isEmpty();
  }
}
