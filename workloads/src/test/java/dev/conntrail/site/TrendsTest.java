package dev.conntrail.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.CellWord;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.TestbedKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Trends of literal runs, one a day, of two cells. */
class TrendsTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Platform PLATFORM = new Platform("CPU, 2 CPUs, 8 GiB", "6.1.0", "none");

  /** Steady, then a fifth slower from the eleventh on. */
  private static final double[] SLOWER = {
    1.00, 0.98, 1.01, 0.99, 1.03, 0.97, 1.00, 1.01, 0.99, 1.02, 1.21, 1.18, 1.23, 1.20, 1.19, 1.22
  };

  private static CellFigures cell(int number, String title, boolean longLived, double responseMs) {
    return new CellFigures(
        CellId.parse("0000000" + number),
        number,
        title,
        title.split(",", -1)[0],
        longLived,
        true,
        3,
        number - 1,
        known(1e6 * responseMs),
        Optional.empty(),
        known(1e5),
        Optional.empty(),
        known(2),
        known(0));
  }

  private static Optional<Double> known(double value) {
    return Optional.of(value).filter(Double::isFinite);
  }

  private static PublishedRun run(int day, Platform platform, String edit, CellFigures... cells) {
    return new PublishedRun(
        PublishedRun.LAYOUT,
        "run-" + day,
        "ct" + day,
        FIRST.toString(),
        "quick",
        List.of(TestbedKind.NETNS),
        RunStatus.COMPLETE,
        FIRST.plus(Duration.ofDays(day)).toString(),
        edit,
        !edit.isEmpty(),
        Tone.GOOD,
        "All is well.",
        CellWord.CONSISTENT,
        cells.length,
        platform,
        "0.1.0, git 0123456789",
        List.of(),
        Map.of(),
        List.of(cells));
  }

  /** Newest first, as a site has them. */
  private static List<PublishedRun> runs(double... responseMs) {
    return IntStream.range(0, responseMs.length)
        .mapToObj(day ->
            run(
                day,
                PLATFORM,
                "",
                cell(1, "iptables-nft, http1, 10 connections", true, responseMs[day]),
                cell(2, "iptables-nft, short-lived, 10 callers", false, 3)))
        .toList()
        .reversed();
  }

  private static Trends only(List<PublishedRun> runs, String... cells) {
    List<Trends> all = Trends.of(runs, List.of(cells));
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static List<List<String>> rows(Page sheet, String table) {
    return sheet.sections().stream()
        .flatMap(s -> s.blocks().stream())
        .filter(b -> b instanceof Block.Table t && t.id().equals(table))
        .map(Block.Table.class::cast)
        .flatMap(t -> t.rows().stream())
        .map(r -> r.fields().stream().map(Field::text).toList())
        .toList();
  }

  /** Eight series have values: 5 % by 8 is 0.00625, which 2 of C(11, 5) can reach. */
  @Test
  void aChangeIsFoundInTheFigureThatChanged() {
    Trends trends = only(runs(SLOWER));
    assertThat(trends.series()).hasSize(8);
    assertThat(trends.method().level()).isEqualTo(0.05 / 8);
    assertThat(trends.method().fewest()).isEqualTo(11);
    Page page = TrendsPage.of(trends);
    assertThat(page.head().answer())
        .isEqualTo(
            "1 change found; the newest with the run of 2026-01-11 00:00: iptables-nft, http1, 10"
                + " connections, response time, median, 1 ms to 1.21 ms.");
    assertThat(page.head().tone()).isEqualTo(Tone.PLAIN);
    assertThat(rows(page, "changes-table"))
        .containsExactly(
            List.of(
                "2026-01-11 00:00",
                "iptables-nft, http1, 10 connections",
                "Response time, median",
                "1 ms",
                "1.21 ms",
                "1.21",
                rows(page, "changes-table").getFirst().getLast()));
    assertThat(rows(page, "values-00000001").getFirst())
        .containsExactly("2026-01-16 00:00", "0", "1.22 ms", "100 µs", "2", "");
    assertThat(rows(page, "values-00000002").getFirst()).endsWith("1 of 4 set aside");
  }

  @Test
  void whereNothingChangesOrRunsAreFewThatIsSaid() {
    double[] steady = new double[12];
    Arrays.setAll(steady, i -> SLOWER[i % 10]);
    assertThat(TrendsPage.of(only(runs(steady))).head().answer())
        .isEqualTo("No change found in 8 figures over 12 runs.");
    Page few = TrendsPage.of(only(runs(Arrays.copyOfRange(SLOWER, 6, 16))));
    assertThat(few.head().answer())
        .isEqualTo("Too few runs to tell whether anything changed: 10 of the 11 that it takes.");
    assertThat(few.head().tone()).isEqualTo(Tone.UNKNOWN);
  }

  /** A run in which the cell has no results is no run of the series. */
  @Test
  void whatARunLacksIsLeftOut() {
    double[] holes = SLOWER.clone();
    holes[3] = Double.NaN;
    holes[12] = Double.NaN;
    Trends trends = only(runs(holes));
    assertThat(trends.changes().getFirst().getValue().at()).isEqualTo(10);
    assertThat(rows(TrendsPage.of(trends), "values-00000001").get(3).get(2)).isEmpty();
  }

  @Test
  void runsOfOtherMachinesAndOfEditedRulesStandApart() {
    List<PublishedRun> all = new ArrayList<>(runs(1, 2));
    CellFigures cell = cell(1, "iptables-nft, http1, 10 connections", true, 9);
    all.add(run(3, new Platform("other, 4 CPUs, 8 GiB", "6.1.0", "none"), "", cell));
    all.add(run(4, PLATFORM, "a=>b", cell));
    all.add(run(5, new Platform(Platform.UNKNOWN, "6.1.0", "none"), "", cell));
    all.add(run(6, new Platform(Platform.UNKNOWN, "6.1.0", "none"), "", cell));
    assertThat(only(all).runs()).hasSize(2);
    String index =
        IndexPage.of(all, Trends.of(all, List.of()), List.of())
            .sections()
            .getFirst()
            .blocks()
            .toString();
    assertThat(index).contains("1 run with a planted fault is in none");
  }

  @Test
  void cellsAreChosenByIdOrByWords() {
    assertThat(only(runs(1, 2), "00000002").cells())
        .extracting(CellFigures::number)
        .containsExactly(2);
    assertThat(only(runs(1, 2), "http1 iptables-nft").cells())
        .extracting(CellFigures::number)
        .containsExactly(1);
    assertThat(only(runs(1, 2), "grpc").cells()).hasSize(2);
    assertThat(Trends.unknown(runs(1, 2), List.of("http1", "grpc"))).contains("grpc");
    List<String> many = List.of("1", "2", "3", "4", "5", "6", "7", "8");
    assertThatThrownBy(() -> new SiteOptions(Optional.empty(), many, Set.of(), Optional.empty()))
        .hasMessage("--cell: found 8; allowed: up to 7");
  }
}
