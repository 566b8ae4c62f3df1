package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.counted;
import static dev.conntrail.report.block.Numbers.number;
import static dev.conntrail.report.block.Numbers.p;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.chart.Frame;
import dev.conntrail.report.chart.PodBars;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.finding.VerdictText;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What opens below a cell's row: connections and requests of each pod, the figures of the verdict,
 * what changes did, and every repetition.
 */
record CellDetail(Analysis run, OverTime overTime, CellResults cell) {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 240;
  private static final int PANEL_WIDTH = 560;
  private static final int PANEL_HEIGHT = 260;
  private static final List<Column> FIGURES =
      List.of(
          Column.words("unit"),
          Column.figures("n"),
          Column.figures("corrected p, pooled").explained("for all tests of the run"),
          Column.figures("corrected p, by repetition")
              .explained("the sum of each repetition's own statistic; corrected likewise"),
          Column.words("how"),
          Column.figures("idle pods").explained("mean over repetitions, and what chance leaves"),
          Column.figures("busiest / mean").explained("and what chance gives on average"),
          Column.figures("Jain"),
          Column.figures("band"));

  Block.Detail detail() {
    List<Block> blocks = new ArrayList<>();
    run.verdict(cell, Unit.CONNECTIONS).ifPresent(v -> blocks.add(new Block.Prose(sentence(v))));
    List<Chart> panels =
        OverTime.of(cell) ? overTime.panels(cell).stream().map(this::panel).toList() : List.of();
    if (!panels.isEmpty()) {
      blocks.add(new Block.Multiples(panels));
    }
    blocks.add(new Block.Figure(pods()));
    List<List<Field>> figures =
        Stream.of(Unit.CONNECTIONS, Unit.REQUESTS)
            .flatMap(unit -> run.verdict(cell, unit).stream())
            .map(CellDetail::figures)
            .toList();
    if (!figures.isEmpty()) {
      blocks.add(Block.Table.of("figures-" + cell.id(), "Figures", FIGURES, figures));
    }
    if (cell.repetitions().stream().anyMatch(r -> !r.effects().isEmpty())) {
      blocks.add(EffectsTable.of("effects-" + cell.id(), List.of(cell)));
    }
    PodsTable.of(cell).ifPresent(blocks::add);
    blocks.add(RepetitionsTable.of(cell));
    blocks.add(new Block.Prose("`" + cell.cell().key() + "`"));
    return new Block.Detail(CellLink.to(cell).anchor(), cell.title(), blocks);
  }

  private Chart panel(TimePanel panel) {
    return panel
        .template()
        .chart(
            "time-" + panel.name().replaceAll("[^a-z]+", "-") + "-" + cell.id(),
            Character.toUpperCase(panel.name().charAt(0)) + panel.name().substring(1),
            "Line: mean over "
                + panel.over().words()
                + "; shaded: from the least to the most of them; upright: steps of the event.",
            PANEL_WIDTH,
            PANEL_HEIGHT,
            List.of())
        .withStill(panel.svg(PANEL_WIDTH, PANEL_HEIGHT));
  }

  private static String sentence(VerdictRow v) {
    String text = VerdictText.of(v);
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private Chart pods() {
    Optional<VerdictRow> connections = run.verdict(cell, Unit.CONNECTIONS);
    List<RepetitionResults> shown = connections.isPresent() ? cell.judged() : cell.repetitions();
    Map<Integer, long[]> sums = sums(shown);
    ChartTemplate template = ChartTemplate.of("cell");
    template.data(
        List.of("pod", "connections", "requests"),
        sums.entrySet().stream()
            .map(e ->
                List.<Object>of(Integer.toString(e.getKey()), e.getValue()[0], e.getValue()[1]))
            .toList());
    axis(template, 0, sums.values(), connections);
    axis(template, 1, sums.values(), run.verdict(cell, Unit.REQUESTS));
    List<String> pods = sums.keySet().stream().map(String::valueOf).toList();
    return template
        .chart(
            "pods-" + cell.id(),
            "Connections and requests of each pod",
            together(shown.size())
                + (connections.isPresent()
                    ? "; the band holds all pods of a fair draw with 99 % probability."
                    : "."),
            WIDTH,
            HEIGHT,
            List.of())
        .withStill(
            PodBars.svg(
                pods,
                List.of(
                    panel(Unit.CONNECTIONS, sums.values(), 0, ChartTemplate.colour(0)),
                    panel(Unit.REQUESTS, sums.values(), 1, ChartTemplate.colour(1))),
                WIDTH,
                HEIGHT));
  }

  /** Connections and requests by pod. */
  private static Map<Integer, long[]> sums(List<RepetitionResults> repetitions) {
    Map<Integer, long[]> sums = new TreeMap<>();
    for (RepetitionResults r : repetitions) {
      for (DistributionRow d : r.pods()) {
        long[] s = sums.computeIfAbsent(d.podIndex(), _ -> new long[2]);
        s[0] += d.connectionsCount();
        s[1] += d.requestsCount();
      }
    }
    return sums;
  }

  private String together(int shown) {
    int all = cell.repetitions().size();
    return shown == all
        ? "All repetitions together"
        : "Together " + shown + " of " + counted(all, "repetition") + ", those that are judged";
  }

  private PodBars.Panel panel(Unit unit, Collection<long[]> sums, int place, String colour) {
    return new PodBars.Panel(
        unit.word(),
        sums.stream().map(s -> s[place]).toList(),
        run.verdict(cell, unit)
            .map(v -> new PodBars.Band(v.band().lowCount(), v.band().highCount())),
        colour);
  }

  /** Draws the band, and sees that the axis holds it, which ECharts does not. */
  private static void axis(
      ChartTemplate template, int place, Collection<long[]> sums, Optional<VerdictRow> verdict) {
    double low = verdict.map(v -> v.band().lowCount()).orElse(0.0);
    double high = verdict.map(v -> v.band().highCount()).orElse(0.0);
    long most = sums.stream().mapToLong(s -> s[place]).max().orElse(0);
    template.set("series." + place + ".markArea.data.0.0.yAxis", low);
    template.set("series." + place + ".markArea.data.0.1.yAxis", high);
    template.set("yAxis." + place + ".max", Frame.roundedUp(Math.max((double) most, high)));
  }

  private static List<Field> figures(VerdictRow v) {
    return List.of(
        Field.of(v.unit().word()),
        Field.of(count(v.observedCount())),
        Field.of(p(v.pooled().pAdjusted())),
        Field.of(p(v.stratified().pAdjusted())),
        Field.of(v.pooled().method().orElse(how(v))),
        Field.of(number(v.idle().meanCount()) + " (" + number(v.idle().expectedCount()) + ")"),
        Field.of(number(v.maxOverMean()) + " (" + number(v.maxOverMeanExpected()) + ")"),
        Field.of(number(v.jain())),
        Field.of(number(v.band().lowCount()) + " to " + number(v.band().highCount())));
  }

  private static String how(VerdictRow v) {
    return Double.isNaN(v.lawMetByDrawPct())
        ? "not tested"
        : "a fair draw keeps the law in " + number(v.lawMetByDrawPct()) + " %";
  }
}
