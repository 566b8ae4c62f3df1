package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.growth.CostPoint;
import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.analysis.growth.Ratios;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.LookupRows;
import dev.conntrail.result.JmhResults;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.ConnectionTable;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LookupsSectionTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/jmh");

  private static List<Block> blocks(List<JmhRow> jmh, List<KernelRow> kernel) {
    return LookupsSection.blocks(
        new LookupRows(Growth.of(jmh, kernel), Ratios.of(jmh, kernel)), jmh, kernel);
  }

  private static <T extends Block> List<T> those(List<Block> blocks, Class<T> type) {
    return blocks.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<String> beside(LookupRows rows) {
    return ((Block.Table) LookupTables.beside(rows).orElseThrow())
        .rows().getFirst().fields().stream().map(Field::text).toList();
  }

  /** A benchmark that has another name, or a parameter another word, empties no chart unseen. */
  @Test
  void chartsAreDrawnFromWhatTheBenchmarksWrite() throws IOException {
    List<JmhRow> jmh = JmhResults.read(GOLDEN, "r1");
    List<Chart> charts =
        those(blocks(jmh, List.of()), Block.Figure.class).stream()
            .map(Block.Figure::chart)
            .toList();
    assertThat(charts)
        .extracting(Chart::id)
        .containsExactly("lookup-services", "lookup-connections");
    assertThat(charts.getFirst().series())
        .containsExactlyInAnyOrderElementsOf(
            Named.words(Lookup.class).stream()
                .flatMap(w -> List.of("model: " + w, "model: " + w + ", any").stream())
                .toList());
    assertThat(charts.getLast().series())
        .containsExactlyElementsOf(Named.words(ConnectionTable.class));
    assertThat(CostPoint.of(jmh, List.of()))
        .filteredOn(p -> p.packet() == Packet.ESTABLISHED)
        .extracting(CostPoint::lookup)
        .contains(Lookup.values());
  }

  @Test
  void withoutBenchmarksAndCalibrationThereIsNothingToSay() {
    assertThat(blocks(List.of(), List.of())).isEmpty();
  }

  @Test
  void onlyAGuestsKernel() {
    List<Block> blocks =
        blocks(
            List.of(),
            List.of(
                TestRows.kernel(
                    TestbedKind.UML,
                    Lookup.IPVS,
                    1000,
                    1,
                    Packet.FIRST,
                    Target.LAST,
                    700,
                    5,
                    TestRows.BUSY)));
    assertThat(those(blocks, Block.Table.class)).isEmpty();
    assertThat(those(blocks, Block.Figure.class))
        .extracting(f -> f.chart().series())
        .containsExactly(List.of("guest: ipvs"));
    assertThat(those(blocks, Block.Facts.class).getFirst().facts())
        .containsExactly(
            new Block.Fact(
                "beside loads of rules in the guest's kernel",
                "others had 50 to 50 % of the CPUs, the hypervisor took 0 to 0 %; 1 of 1"
                    + " disturbed"));
  }

  @Test
  void whatIsNotThereIsNotCompared() {
    GrowthRow model =
        TestRows.growth(Source.MODEL, Lookup.IPTABLES_NFT, Target.LAST, 12, Trend.LINEAR);
    GrowthRow kernel =
        TestRows.growth(Source.KERNEL, Lookup.IPTABLES_NFT, Target.LAST, 16, Trend.LINEAR);
    GrowthRow flat =
        TestRows.growth(Source.KERNEL, Lookup.IPTABLES_NFT, Target.LAST, 0, Trend.CONSTANT);
    assertThat(beside(new LookupRows(List.of(model), List.of())))
        .contains(
            "12 (12.0 to 12.0), linear", "not measured", "not compared: no kernel was measured");
    assertThat(beside(new LookupRows(List.of(kernel), List.of())))
        .contains("not compared: no model was measured");
    assertThat(beside(new LookupRows(List.of(model, flat), List.of())))
        .contains("not compared: not both surely grow");
    assertThat(beside(new LookupRows(List.of(model, kernel), List.of())))
        .contains("not compared: too few numbers of Services in common");
    RatioRow ratio =
        TestRows.ratio(
            Comparison.MODEL_TO_KERNEL, Lookup.IPTABLES_NFT, Target.LAST, 2000, 0.75, 0.7, 0.8);
    assertThat(beside(new LookupRows(List.of(model, kernel), List.of(ratio))))
        .contains("0.750 (0.700 to 0.800): the model is cheaper by 20 to 30 %");
  }

  /** A hash that grows is to be looked at; a walk that does not is too. */
  @Test
  void tonesFollowFromTheVerdict() {
    assertThat(tone(Lookup.NFTABLES, Trend.LINEAR)).isEqualTo(Tone.BAD);
    assertThat(tone(Lookup.NFTABLES, Trend.CONSTANT)).isEqualTo(Tone.GOOD);
    assertThat(tone(Lookup.IPTABLES_LEGACY, Trend.LINEAR)).isEqualTo(Tone.PLAIN);
    assertThat(tone(Lookup.IPTABLES_LEGACY, Trend.CONSTANT)).isEqualTo(Tone.BAD);
    assertThat(tone(Lookup.IPTABLES_LEGACY, Trend.CANNOT_TELL)).isEqualTo(Tone.UNKNOWN);
  }

  private static Tone tone(Lookup lookup, Trend trend) {
    GrowthRow row = TestRows.growth(Source.KERNEL, lookup, Target.LAST, 1, trend);
    Block.Table table =
        (Block.Table) LookupTables.beside(new LookupRows(List.of(row), List.of())).orElseThrow();
    return table.rows().getFirst().fields().get(2).tone();
  }

  @Test
  void everyForkOfABenchmarkIsInItsRow() {
    JmhRow.What what =
        new JmhRow.What(
            Optional.of(Packet.ESTABLISHED),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(ConnectionTable.IPVS),
            Optional.of(1000L));
    Block.Table table =
        (Block.Table)
            LookupTables.benchmarks(
                List.of(
                    TestRows.model(what, 1, 30, TestRows.QUIET),
                    TestRows.model(what, 2, 50, TestRows.BUSY),
                    TestRows.model(what, 3, 34, TestRows.QUIET)));
    assertThat(table.rows())
        .singleElement()
        .satisfies(r ->
            assertThat(r.fields())
                .extracting(Field::text)
                .containsExactly(
                    "SomeBenchmark.take",
                    "established packet, table ipvs, 1,000 connections",
                    "3",
                    "1",
                    "30",
                    "34",
                    "50"));
  }
}
