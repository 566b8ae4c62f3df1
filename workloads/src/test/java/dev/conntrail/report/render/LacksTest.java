package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LacksTest {
  @TempDir private Path folder;

  @Test
  void aWholeRunLacksNothing() throws IOException {
    TestRun run = TestRun.ofCells(folder, "pods: 2");
    assertThat(Lacks.of(Analysis.of(run.fill().read()))).isEmpty();
  }

  @Test
  void whatWasNotMeasuredAndWhatFailedIsNamed() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "pods: 2, repetitions: 3", "pods: 3, repetitions: 2")
            .status(RunStatus.FAILED);
    run.repetition(1);
    RunFolder written = run.write();
    written.append(
        Tables.LOG,
        List.of(
            new LogRow(
                TestRun.RUN,
                Optional.of(run.cell(1).id()),
                2,
                10,
                Step.REPETITION_FAILED,
                Optional.of("the load process ended"))));
    assertThat(Lacks.of(Analysis.of(RunResults.read(written))))
        .containsExactly(
            "The run is not whole (failed): 1 of 5 repetitions have results. Without any: "
                + run.cell(2).title()
                + ".",
            "Repetition 2 of " + run.cell(1).title() + " failed: the load process ended.");
  }
}
