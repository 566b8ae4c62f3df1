package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.block.Block;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodsTableTest {
  @TempDir private Path folder;

  private Block.Table table(String cell) throws IOException {
    CellResults results = TestRun.ofCells(folder, cell).fill().read().measured().getFirst();
    Block block = PodsTable.of(results).orElseThrow();
    return Read.table(List.of(block), "each-pod-table-" + results.id());
  }

  @Test
  void aPodHasWhatItGotAndHowLongThatTook() throws IOException {
    Block.Table table =
        table("data-plane: direct, connections: 4, pods: 2, rate: 100, repetitions: 2");
    assertThat(Read.column(table, "pod")).containsExactly("1", "2");
    assertThat(Read.column(table, "connections")).containsExactly("4", "4");
    assertThat(Read.column(table, "response p50")).containsOnly("1.20 ms (1.20 ms)");
  }

  @Test
  void ofManyPodsThirtyAreShown() throws IOException {
    Block.Table table = table("data-plane: direct, connections: 40, pods: 40, rate: 400");
    assertThat(table.rows()).hasSize(30);
    assertThat(table.caption()).startsWith("Thirty pods of 40");
  }
}
