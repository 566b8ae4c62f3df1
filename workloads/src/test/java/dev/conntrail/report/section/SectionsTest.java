package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionsTest {
  @TempDir private Path folder;

  @Test
  void everySectionHasAPlaceOfItsOwn() {
    assertThat(Sections.all()).extracting(Section::id).doesNotHaveDuplicates();
    assertThat(Sections.all()).extracting(Section::title).doesNotHaveDuplicates();
  }

  /** A run that measured nothing still says on what, and nothing that it cannot know. */
  @Test
  void aRunWithoutResultsHasNoEmptySections() throws IOException {
    Analysis nothing = Analysis.of(TestRun.ofCells(folder, "pods: 2").read());
    assertThat(Sections.all().stream().filter(s -> !s.blocks(nothing).isEmpty()))
        .extracting(Section::id)
        .isSubsetOf("answer", "environment");
  }

  @Test
  void answerAndCellsAreOpenAndTheRestIsFolded() throws IOException {
    Analysis run = Analysis.of(TestRun.ofCells(folder, "pods: 2").fill().read());
    assertThat(Sections.all().stream().filter(s -> s.open(run)))
        .extracting(Section::id)
        .containsExactly("answer", "cells");
  }

  @Test
  void theMatrixNamesSignWordAndCell() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, direct], connections: 6, pods: 3, repetitions: 1",
            "data-plane: iptables, connections: 7, pods: 3, repetitions: 1");
    run.repetition(1).connections(6, 0, 0).requests(60, 0, 0);
    List<Block> blocks = VerdictMatrix.of(Analysis.of(run.fill().read()));
    Block.Table matrix = Read.table(blocks, "matrix-netns");
    assertThat(matrix.columns())
        .extracting(c -> c.name())
        .containsExactly("workload", "iptables-nft", "direct");
    assertThat(Read.rows(matrix).getFirst().get(1)).endsWith(", 3\u00d7");
    assertThat(Read.rows(matrix).getFirst().get(2)).isEqualTo("by design, 1\u00d7");
    assertThat(Read.rows(matrix).getLast().get(2)).isEmpty();
    assertThat(matrix.rows().getFirst().fields().get(2).link())
        .hasValueSatisfying(l -> assertThat(l.mark()).isEqualTo("#2"));
  }
}
