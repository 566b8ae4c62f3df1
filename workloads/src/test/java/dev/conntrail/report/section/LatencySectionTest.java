package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencySectionTest {
  @TempDir private Path folder;

  private List<Block> blocks(TestRun run) throws IOException {
    return new LatencySection().blocks(Analysis.of(run.fill().read()));
  }

  /** 255 requests: two beyond the 99th percentile, none beyond the 99.9th. */
  @Test
  void aPercentileIsShownWhereFiveValuesLieBeyondIt() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 5, pods: 2, rate: 100, repetitions: 1");
    run.repetition(1).times(Metric.RESPONSE, 2, 250).times(Metric.RESPONSE, 9, 5);
    Block.Table table = Read.table(blocks(run), "latency-table");
    assertThat(Read.column(table, "requests")).containsExactly("255");
    assertThat(Read.column(table, "p50").getFirst()).startsWith("2").endsWith("ms");
    assertThat(Read.column(table, "p90").getFirst()).startsWith("2");
    assertThat(Read.column(table, "p99")).containsExactly("");
    assertThat(Read.column(table, "p99.9")).containsExactly("");
    assertThat(Read.column(table, "longest").getFirst()).startsWith("9");
  }

  /** Sent when it is due, so there is no lag; and the reader is told what is not seen. */
  @Test
  void aClosedLoopHasNoSendLagAndItsBlindnessIsSaid() throws IOException {
    List<Block> blocks =
        blocks(
            TestRun.ofCells(
                folder,
                "connections: 5, pods: 2, rate: closed",
                "connections: 5, pods: 2, rate: 100"));
    Block.Table table = Read.table(blocks, "latency-table");
    assertThat(Read.column(table, "send lag p99").getFirst()).isEmpty();
    assertThat(Read.column(table, "send lag p99").getLast()).endsWith("µs");
    assertThat(Read.prose(blocks)).anyMatch(p -> p.contains("closed") && p.contains("stall"));
    assertThat(Read.prose(blocks(TestRun.ofCells(folder.resolve("open"), "pods: 2, rate: 100"))))
        .isEmpty();
  }

  @Test
  void aLineEndsWhereItsPercentileSaysNothing() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "data-plane: [iptables, nftables], connections: 5, pods: 2, repetitions: 1");
    run.repetition(1).times(Metric.RESPONSE, 2, 100);
    run.repetition(2).times(Metric.RESPONSE, 4, 10_000);
    List<List<Object>> data = Read.data(Read.charts(blocks(run)).getFirst(), 0);
    assertThat(data.getFirst()).containsExactly("percentile", "iptables-nft", "nftables");
    assertThat(data.get(7).get(0)).isEqualTo("99 %");
    assertThat(data.get(7).get(1)).isEqualTo("-");
    assertThat((Double) data.get(7).get(2)).isBetween(3.9, 4.1);
    assertThat(data.getLast().get(0)).isEqualTo("longest");
    assertThat((Double) data.getLast().get(1)).isBetween(1.9, 2.1);
  }

  @Test
  void cellsInWhichSomethingIsBroughtAboutAreInNoChart() throws IOException {
    List<Block> blocks =
        blocks(
            TestRun.ofCells(
                folder,
                "pods: 2, events: [{at: 1s, add-endpoints: 1}]",
                "pods: 2, protocol: [grpc, websocket]"));
    assertThat(Read.charts(blocks))
        .extracting(c -> c.id())
        .containsExactly("latency-netns-grpc", "latency-netns-websocket");
    assertThat(Read.table(blocks, "latency-table").rows()).hasSize(3);
  }

  @Test
  void everyTimeIsDefinedOnce() throws IOException {
    assertThat(blocks(TestRun.ofCells(folder, "pods: 2")))
        .filteredOn(Block.Terms.class::isInstance)
        .containsExactly(
            new Block.Terms(
                List.of("response time", "service time", "send lag", "connect", "time to fail")));
  }
}
