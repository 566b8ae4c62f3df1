package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.comparison.AbHeading;
import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Json;
import dev.conntrail.result.Side;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbResultsTest {
  private static final String CELLS =
      "data-plane: [nftables, direct], connections: 10, pods: 2, repetitions: 12";

  @TempDir private Path folder;

  /** Twelve blocks whose side b takes so much longer, in the cell and in its control. */
  private AbResults ab(double cell, double control, List<AbManifest.Look> looks)
      throws IOException {
    AbFolder ab = new AbFolder(folder);
    TestRun a = side(ab, Side.A, 1, 1);
    TestRun b = side(ab, Side.B, cell, control);
    Json.write(
        ab.manifest(),
        new AbManifest(
            AbManifest.SCHEMA,
            "ct000001",
            TestbedKind.NETNS,
            looks.isEmpty() ? RunStatus.PARTIAL : RunStatus.COMPLETE,
            "2026-11-28T12:00:00Z",
            60,
            "nothing",
            List.of(
                new AbManifest.SideOf(Side.A, "literal", "", Optional.empty()),
                new AbManifest.SideOf(Side.B, "literal", "", Optional.empty())),
            List.of(
                new AbManifest.Pair(a.cell(1).id(), b.cell(1).id(), false),
                new AbManifest.Pair(a.cell(2).id(), b.cell(2).id(), true)),
            1,
            List.of(),
            0.05,
            List.of(12),
            looks,
            360,
            1.25,
            List.of("ab"),
            List.of()));
    return AbResults.read(ab);
  }

  private static TestRun side(AbFolder ab, Side side, double cell, double control)
      throws IOException {
    TestRun run = TestRun.ofCells(ab.side(side).path(), CELLS);
    for (int i = 0; i < 12; i++) {
      double own = 1 + 0.01 * ((side == Side.A ? i : i + 1) % 3);
      run.repetition(1)
          .times(Metric.RESPONSE, cell * own, 100)
          .times(Metric.CONNECT, cell * own, 100);
      run.repetition(2)
          .times(Metric.RESPONSE, control * own, 100)
          .times(Metric.CONNECT, control * own, 100);
    }
    run.write();
    return run;
  }

  private static final List<AbManifest.Look> ONE = List.of(new AbManifest.Look(12, true));

  @Test
  void whatIsSlowerIsSaidWithItsRatio() throws IOException {
    AbResults ab = ab(1.5, 1, ONE);
    AbHeading heading = AbHeading.of(ab);
    assertThat(heading.text())
        .startsWith("B is slower beyond the margin of 1.25 in nftables, http1, 10 connections")
        .contains("connect-p50 1.5");
    assertThat(heading.tone()).isEqualTo(Tone.BAD);
    assertThat(ab.counts()).isNotEmpty();
    assertThat(AbRow.of(ab))
        .anySatisfy(r -> {
          assertThat(r.verdict()).contains("slower");
          assertThat(r.ratioLow()).isGreaterThan(1.25);
        });
  }

  @Test
  void aControlThatMovesTakesEveryVerdictAway() throws IOException {
    AbResults ab = ab(1.5, 1.5, ONE);
    assertThat(AbHeading.of(ab).text()).startsWith("Void: what has no Service moved, direct");
    assertThat(AbHeading.of(ab).tone()).isEqualTo(Tone.UNKNOWN);
    assertThat(AbRow.of(ab).stream().filter(r -> !r.control()))
        .allSatisfy(r -> assertThat(r.verdict()).isEmpty());
  }

  @Test
  void withoutALookThereIsNoVerdict() throws IOException {
    AbResults ab = ab(1.5, 1, List.of());
    assertThat(ab.gate().times(Change.SLOWER)).isEmpty();
    assertThat(AbHeading.of(ab).text()).isEqualTo("2 of 2 times cannot be told.");
  }

  @Test
  void blocksAfterTheLastLookAreNotLookedAt() throws IOException {
    AbResults ab = ab(1.5, 1, List.of(new AbManifest.Look(8, false)));
    assertThat(ab.gate().blocks()).isEqualTo(8);
  }
}
