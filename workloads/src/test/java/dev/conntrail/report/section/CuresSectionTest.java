package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.TestRun;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
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
  void ofAGuestNoCpuTimeIsSaid() throws IOException {
    TestRun run = TestRun.ofCells(folder, CURES, "data-plane: ipvs, " + CURES);
    run.on(TestbedKind.UML, c -> c.dataPlane() == DataPlane.IPVS);
    List<Block> blocks = new CuresSection().blocks(Analysis.of(run.fill().read()));
    assertThat(Read.column(Read.table(blocks, "cures-costs"), "CPU, \u00b5s"))
        .containsExactly("200 \u00b1 5 + 100 \u00b1 5", "200 \u00b1 5 + 100 \u00b1 5", "", "");
    Chart chart = Read.charts(blocks).getFirst();
    assertThat(chart.id()).isEqualTo("cures");
    assertThat(chart.option().get("dataset").toString())
        .contains("#1 ", "#2 ")
        .doesNotContain("#3 ", "#4 ");
  }

  @Test
  void balanceWithinASecondIsNotToldApart() {
    assertThat(BalanceTable.wholeSeconds(new Span(45.8, 999))).isEqualTo(Field.of("< 1 s", 0));
    assertThat(BalanceTable.wholeSeconds(new Span(45.8, 2300)).text()).isEqualTo("< 1 s to 2.30 s");
    assertThat(BalanceTable.wholeSeconds(new Span(1000, 2300)).text()).isEqualTo("1 s to 2.30 s");
  }

  private String slow(double... p99Ms) throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder.resolve("slow-" + p99Ms[1]),
            "protocol: grpc, cure: [none, round-robin], connections: 10, pods: 3, rate: 40, repetitions: 1,"
                + " events: [{at: 0ms, slow-pod: 1, delay: 200ms}]");
    for (int i = 0; i < p99Ms.length; i++) {
      run.repetition(i + 1).times(Metric.RESPONSE, p99Ms[i], 900);
    }
    return CureFindings.all(Analysis.of(run.read())).stream()
        .filter(f -> f.id().startsWith("cure-slow-pod"))
        .map(Finding::text)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereNoCureDiffersNoneIsBest() throws IOException {
    assertThat(slow(203, 202))
        .endsWith(
            "exceeds: none of the 2 measured differs by this figure, within a tenth of the least:"
                + " round-robin (#2): 202 ms; no cure (#1): 203 ms.");
    assertThat(slow(203, 90))
        .endsWith(
            "exceeds: of 2 measured best: round-robin (#2): 90.0 ms. Then no cure (#1): 203 ms.");
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
