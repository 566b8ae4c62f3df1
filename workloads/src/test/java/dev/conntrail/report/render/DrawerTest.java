package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawerTest {
  @TempDir private Path folder;

  private static Chart still(String id) {
    return ChartTemplate.of("cell")
        .chart(id, "title", "description", 10, 10, List.of())
        .withStill("<svg>" + id + "</svg>");
  }

  private Page page(Block... blocks) throws IOException {
    Page any = Page.of(Analysis.of(TestRun.ofCells(folder, "pods: 2").read()));
    return new Page(
        any.head(),
        any.lead(),
        any.lacks(),
        List.of(new Page.Part("part", "Part", true, List.of(blocks))));
  }

  @Test
  void chartsOfAPageAreToldFromThoseThatOpenBelowRows() throws IOException {
    Block row =
        new Block.Table(
            "t",
            "",
            List.of(),
            List.of(
                new Block.Row(
                    List.of(),
                    Optional.of(
                        new Block.Detail("d", "", List.of(new Block.Figure(still("hidden"))))))),
            true);
    Drawings drawings =
        Drawer.draw(
            page(
                new Block.Folded("f", "", List.of(new Block.Figure(still("folded")))),
                new Block.Multiples(List.of(still("one"), still("two"))),
                row));
    assertThat(drawings.shown()).containsOnlyKeys("folded", "one", "two");
    assertThat(drawings.hidden()).containsOnlyKeys("hidden");
    assertThat(drawings.options()).containsOnlyKeys("folded", "one", "two", "hidden");
    assertThat(drawings.svg(still("hidden"))).isEqualTo("<svg>hidden</svg>");
  }

  @Test
  void twoOfOneNameAreAFault() throws IOException {
    Page page = page(new Block.Figure(still("same")), new Block.Figure(still("same")));
    assertThatThrownBy(() -> Drawer.draw(page)).hasMessageContaining("same");
  }
}
