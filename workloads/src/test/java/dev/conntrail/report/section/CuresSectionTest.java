package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CuresSectionTest {
  private static final String CURES =
      "cure: [none, \"max-age=500ms\"], connections: 20, pods: 4, rate: 400";

  @TempDir private Path folder;

  private static Block.Table gives(Analysis run) {
    return Read.table(new CuresSection().blocks(run), "cures-table");
  }

  private static List<String> names(Block.Table table) {
    return table.columns().stream().map(Column::name).toList();
  }

  @Test
  void whatLibrariesSentAgainStandsBesideWhatWasLost() throws IOException {
    TestRun run = TestRun.ofCells(folder, CURES + ", retries: library", CURES);
    run.repetition(1).retried(7);
    run.repetition(1).retried(4);
    Block.Table table = gives(Analysis.of(run.fill().read()));
    assertThat(names(table)).containsSubsequence("lost in events", "retried", "p50; p99; p99.9");
    assertThat(Read.column(table, "retried")).containsExactly("11 (#1)", "0 (#2)", "", "");
  }

  @Test
  void whereNoLibraryDoesThatNothingIsSaidOfIt() throws IOException {
    Block.Table table = gives(Analysis.of(TestRun.ofCells(folder, CURES).fill().read()));
    assertThat(names(table)).contains("lost in events").doesNotContain("retried");
  }

  @Test
  void anIpvsSchedulerIsACureThatTheClusterHasToChange() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: ipvs, ipvs-scheduler: [rr, lc], cure: [none, session-affinity],"
                + " connections: 20, pods: 4, rate: 400");
    run.repetition(1).failed(3);
    List<Block> blocks = new CuresSection().blocks(Analysis.of(run.fill().read()));
    List<String> cures =
        List.of("no cure", "session-affinity", "ipvs-lc", "ipvs-lc + session-affinity");
    Block.Table gives = Read.table(blocks, "cures-table");
    assertThat(Read.column(gives, "cure")).containsExactlyInAnyOrderElementsOf(cures);
    assertThat(Read.column(gives, "failed; unanswered")).containsOnlyOnce("3; 0");
    Block.Table costs = Read.table(blocks, "cures-costs");
    assertThat(Read.column(costs, "who changes what"))
        .contains("nobody anything", "cluster: kube-proxy's mode and scheduler");
    assertThat(Read.column(costs, "asked")).containsOnly("ipvs, http1, 20 connections, 4 pods");
  }

  @Test
  void proxiesBehindAServiceAreDrawnBesideAFairDraw() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "cure: [none, haproxy-leastconn, \"haproxy-leastconn,proxies=2\"], connections: 60,"
                + " pods: 4, rate: 400");
    // of a literal run's connections the first two go to the first proxy
    Chart chart = Read.charts(new CuresSection().blocks(Analysis.of(run.fill().read()))).getLast();
    assertThat(chart.id()).isEqualTo("drawn-proxies");
    List<Object> point = Read.data(chart, 0).getLast();
    assertThat(point.get(0)).isEqualTo("#3: 2, differs");
    assertThat((Double) point.get(1)).isCloseTo(58 * 2 / 60.0, within(1e-3));
    assertThat((Double) point.get(2)).isBetween(1.09, 1.11);
  }
}
