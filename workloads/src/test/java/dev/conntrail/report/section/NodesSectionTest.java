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

class NodesSectionTest {
  @TempDir private Path folder;

  @Test
  void fromEachNodeToEachWithWhatAFairDrawGives() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: nftables, connections: 40, clients: 2, nodes: 2, pods: 2, repetitions: 1",
            "data-plane: ipvs, connections: 40, clients: 2, nodes: 2, pods: 2, repetitions: 1",
            "data-plane: nftables, connections: 40, pods: 2");
    run.repetition(1).connectionsOf(1, 15, 5).connectionsOf(2, 8, 12);
    List<Block> blocks = new NodesSection().blocks(Analysis.of(run.fill().read()));
    assertThat(blocks).hasSize(2);
    Block.Table drawn = (Block.Table) blocks.getFirst();
    assertThat(drawn.caption())
        .startsWith("nftables, 2 nodes, 2 pods, netns")
        .contains("all repetitions together: p = ");
    assertThat(Read.rows(drawn))
        .containsExactly(
            List.of("node-1", "15 (10)", "5 (10)", "75 % (50 %)"),
            List.of("node-2", "8 (10)", "12 (10)", "60 % (50 %)"));
    assertThat(((Block.Table) blocks.getLast()).caption()).contains("not tested");
  }
}
