package dev.conntrail.report.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.compare.AaStore;
import dev.conntrail.compare.Comparison;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Mark;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonHeadingTest {
  private static final String CELLS =
      "data-plane: [nftables, iptables], connections: 10, pods: 2, repetitions: 2";

  @TempDir private Path folder;

  private static ComparisonHeading heading(RunResults a, RunResults b) {
    return ComparisonHeading.of(Comparison.of(a, b, AaStore.empty(), 1.25));
  }

  @Test
  void cellsThatVanishAreSaid() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("a"), CELLS).fill().read();
    TestRun b = TestRun.ofCells(folder.resolve("b"), CELLS);
    b.repetition(1);
    b.repetition(1);
    Comparison c = Comparison.of(a, b.read(), AaStore.empty(), 1.25);
    assertThat(ComparisonHeading.of(c).text()).contains("1 cell of A has no results in B");
    assertThat(ComparisonHeading.of(c).tone()).isEqualTo(Tone.UNKNOWN);
    assertThat(c.untold()).isTrue();
  }

  @Test
  void timesThatAreAllMarkedAreNoSameTimes() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("a"), CELLS).fill().read();
    TestRun b = TestRun.ofCells(folder.resolve("b"), CELLS);
    for (int i = 0; i < 4; i++) {
      b.repetition(1 + i % 2).times(Metric.RESPONSE, 1, 10).marks(Mark.STEAL);
    }
    ComparisonHeading heading = heading(a, b.read());
    assertThat(heading.text()).doesNotContain("no change").contains("No verdict on");
    assertThat(heading.tone()).isEqualTo(Tone.UNKNOWN);
  }

  @Test
  void whatIsNotComparableSaysWhy() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("a"), "pods: 2, rate: 100").fill().read();
    RunResults b =
        TestRun.ofCells(folder.resolve("b"), "pods: 2, rate: 100", "pods: 2, rate: 200")
            .fill()
            .read();
    Comparison c = Comparison.of(a, b, AaStore.empty(), 1.25);
    assertThat(ComparisonHeading.of(c).text()).startsWith("Times are not comparable (spec hash");
    assertThat(ComparisonHeading.brief(c)).isEqualTo("not comparable");
  }

  @Test
  void runsWithoutACellInCommonSayThat() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("a"), "pods: 2, rate: 100").fill().read();
    RunResults b = TestRun.ofCells(folder.resolve("b"), "pods: 3, rate: 100").fill().read();
    assertThat(heading(a, b).text()).startsWith("Nothing to compare");
  }
}
