package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.Report;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with its report, where nobody is privileged. */
class LoopbackRunTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      repetitions: 2
      phases: {warmup: 100ms, measure: 300ms, drain: 1s}
      matrix:
        - protocol: [http1, grpc, short-lived]
          connections: 6
          pods: 4
          rate: 200
      """;

  private static final String SLOW =
      """
      experiment: slow
      testbed: loopback
      repetitions: 1
      phases: {warmup: 100ms, measure: 300ms, drain: 5s}
      matrix:
        - protocol: [http1, grpc-stream]
          connections: 6
          pods: 2
          rate: 100
      """;

  @TempDir private Path results;

  @Test
  void slowerPodsShowInResponseTimesAndAreSaid() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, SLOW, "", Duration.ofMillis(30));
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(Runs.summaries(ended))
        .hasSize(2)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.requests().answeredCount()).isEqualTo(30);
          assertThat(s.response().p50Ns()).isGreaterThan(30_000_000);
        });
    assertThat(RunResults.read(ended.folder()).manifest().echoDelayMs()).hasValue(30L);
    Report.write(ended.folder());
    assertThat(ended.folder().report().resolve("report.md"))
        .content()
        .contains("every answer of echo was delayed by 30 ms");
  }

  @Test
  void whatIsWrittenIsReadAndReported() throws IOException {
    Files.writeString(results.resolve("index.csv"), "folder,run\nbefore,ct1\n");
    ExperimentRun.Ended ended = Runs.run(results, YAML, "");
    assertThat(ended.failures()).isEmpty();
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    RunResults read = RunResults.read(ended.folder());
    assertThat(read.lacks()).isEmpty();
    assertThat(read.measured()).hasSize(3);
    assertThat(read.measured().stream().flatMap(c -> c.repetitions().stream()))
        .hasSize(6)
        .allSatisfy(r -> {
          assertThat(r.summary().crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(r.summary().crossCheck().kernel()).isFalse();
          assertThat(r.summary().requests().answeredCount()).isEqualTo(60);
        });
    RunCells cells = RunCells.of(ended.folder());
    assertThat(Runs.verdicts(ended))
        .filteredOn(v -> cells.byId().get(v.cellId()).protocol().longLived())
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.departure()).isEmpty())
        .extracting(VerdictRow::verdict)
        .containsOnly(Verdict.BY_DESIGN);
    assertThat(ended.folder().rows(Tables.LOG)).isNotEmpty();
    assertThat(results.resolve("index-1.csv")).hasContent("folder,run\nbefore,ct1");
    assertThat(new RunFolder(results).rows(Tables.INDEX))
        .singleElement()
        .satisfies(i -> {
          assertThat(results.resolve(i.folder())).isEqualTo(ended.folder().path());
          assertThat(i.run()).isEqualTo(read.manifest().run());
          assertThat(i.cellsCount()).isEqualTo(3);
          assertThat(i.repetitionsCount()).isEqualTo(6);
          assertThat(i.status()).isEqualTo(RunStatus.COMPLETE);
        });
    assertThat(Report.write(ended.folder()).page()).isNotEmptyFile();
  }
}
