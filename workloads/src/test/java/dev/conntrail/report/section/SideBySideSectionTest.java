package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideBySideSectionTest {
  @TempDir private Path folder;

  private static List<Block> blocks(TestRun run) throws IOException {
    return new SideBySideSection().blocks(Analysis.of(run.fill().read()));
  }

  private static List<String> line(List<Block> blocks, String table) {
    return Read.rows(Read.table(blocks, table)).getFirst();
  }

  @Test
  void figuresHaveTheirRangeOverRepetitionsAndWhatChanceGives() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "data-plane: [iptables, direct], connections: 8, pods: 4, repetitions: 2");
    run.repetition(1).connections(4, 2, 1, 1).requests(40, 20, 10, 10);
    run.repetition(1).connections(1, 1, 3, 3).requests(10, 10, 30, 30);
    List<String> line = line(blocks(run), "modes-netns");
    assertThat(line.get(0)).endsWith("8 connections, 4 pods");
    assertThat(line.get(1))
        .startsWith("1.25 (by repetition 1.50 to 2); chance: 1.")
        .endsWith("; 0 idle");
    assertThat(line.get(2)).isEqualTo("1; 0 idle");
    assertThat(line.get(3)).startsWith("evenness");
  }

  @Test
  void whoNamesWhatHoldsAnywayStandsBesideWhoDoesNot() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: iptables, client: library, retries: off, connections: 8, pods: 4",
            "data-plane: nftables, client: library, connections: 8, pods: 4",
            "data-plane: nftables, client: library, retries: off, cure: \"max-age=500ms\","
                + " connections: 8, pods: 4");
    Analysis read = Analysis.of(run.fill().read());
    assertThat(SideBySide.of(read)).extracting(s -> s.cells().size()).containsExactly(2, 1);
    assertThat(CureGroup.of(read.results())).hasSize(1);
  }

  @Test
  void onlyCellsOfOneKernelAndOneWorkloadAreCompared() throws IOException {
    TestRun run =
        TestRun.ofCells(
                folder,
                "data-plane: [iptables, nftables], connections: 8, pods: 4",
                "data-plane: ipvs, connections: 8, pods: 4",
                "data-plane: nftables, connections: 9, pods: 4")
            .on(TestbedKind.UML, c -> c.dataPlane() == DataPlane.IPVS);
    List<Block> blocks = blocks(run);
    Block.Table table = Read.table(blocks, "modes-netns");
    assertThat(table.columns())
        .extracting(c -> c.name())
        .containsExactly("workload", "iptables-nft", "nftables", "what decides");
    assertThat(table.rows()).hasSize(1);
    assertThat(Read.all(blocks))
        .filteredOn(Block.Table.class::isInstance)
        .extracting(b -> ((Block.Table) b).id())
        .containsExactly("modes-netns", "costs-netns");
    assertThat(blocks(TestRun.ofCells(folder.resolve("one"), "pods: 4"))).isEmpty();
  }

  @Test
  void costsAreMediansWithTheirRange() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "data-plane: [iptables, nftables], connections: 8, pods: 4, repetitions: 1");
    assertThat(line(blocks(run), "costs-netns").get(1)).matches("100 µs, 1\\.?0* ms");
  }

  @Test
  void whatDecidesFollowsFromWhatIsBroughtAbout() throws IOException {
    String events = ", events: [{at: 1s, remove-endpoints: 1}]";
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: [iptables, nftables], connections: 8, pods: 4, repetitions: 1" + events);
    for (int n = 1; n <= 2; n++) {
      run.repetition(n)
          .failed(3)
          .event(EventKind.REMOVE_ENDPOINTS, 2000, 3, "pod-4")
          .effect(
              Cause.of(EventKind.REMOVE_ENDPOINTS),
              new EffectRow.Fate(8, 5, 2, 1, 0),
              new EffectRow.Leaving(3, 2),
              new EffectRow.New(4, 0, 1),
              new EffectRow.Ports(0, 0));
    }
    List<Block> blocks = blocks(run);
    assertThat(line(blocks, "modes-netns"))
        .element(1)
        .isEqualTo(
            "2 of 3 went on; 1 new to them; of all open, 2 reset, 1 closed; 3 failures of a request or connect");
    assertThat(line(blocks, "modes-netns")).last().asString().contains("left");
  }

  /** Better or worse is nothing that one run's draw can tell. */
  @Test
  void nothingIsCalledBest() throws IOException {
    List<Block> blocks =
        blocks(TestRun.ofCells(folder, "data-plane: [iptables, nftables, direct], pods: 4"));
    assertThat(blocks.toString().toLowerCase(java.util.Locale.ROOT)).doesNotContain("best");
    assertThat(Read.prose(blocks).getFirst()).contains("Nothing here is tested");
  }
}
