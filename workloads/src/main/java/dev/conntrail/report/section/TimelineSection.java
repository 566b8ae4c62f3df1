package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** When each repetition ran, and whether the machine drifted meanwhile. */
final class TimelineSection implements Section {
  /** What belongs on the timeline of a cluster. */
  private static final Set<Step> SEEN =
      EnumSet.of(
          Step.POD,
          Step.ENDPOINTSLICE,
          Step.LOAD_LOST,
          Step.WATCH_LOST,
          Step.CLUSTER_MAKE,
          Step.CLUSTER_READY,
          Step.REPETITION_FAILED);

  private static final String HAPPENED = "events of the log";
  private static final double MS_PER_S = 1000;
  private static final double DIGITS = 1000;
  private static final int WIDTH = 960;
  private static final int MARGINS = 100;
  private static final int ROW = 18;

  /** From when to when a repetition sent load, seconds since the run began. */
  record Span(double from, double to) {}

  @Override
  public String id() {
    return "timeline";
  }

  @Override
  public String title() {
    return "Timeline";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    Map<CellId, SortedMap<Integer, Span>> spans = spans(run.results().log());
    List<CellResults> cells =
        run.results().measured().stream().filter(c -> spans.containsKey(c.id())).toList();
    if (cells.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Figure(timeline(run, cells, spans)));
    List<Chart> drift = DriftCharts.of(cells, spans);
    if (!drift.isEmpty()) {
      blocks.add(new Block.Multiples(drift));
    }
    return blocks;
  }

  private static Map<CellId, SortedMap<Integer, Span>> spans(List<LogRow> log) {
    Map<CellId, SortedMap<Integer, Span>> spans = new TreeMap<>();
    Map<CellId, TreeMap<Integer, Double>> starts = new TreeMap<>();
    for (LogRow row : log) {
      if (row.cellId().isEmpty()) {
        continue;
      }
      CellId cell = row.cellId().get();
      if (row.step() == Step.LOAD_START) {
        starts.computeIfAbsent(cell, _ -> new TreeMap<>()).put(row.repetition(), row.atMs());
      } else if (row.step() == Step.LOAD_END) {
        Optional.ofNullable(starts.get(cell))
            .map(s -> s.get(row.repetition()))
            .ifPresent(start ->
                spans
                    .computeIfAbsent(cell, _ -> new TreeMap<>())
                    .put(row.repetition(), new Span(start / MS_PER_S, row.atMs() / MS_PER_S)));
      }
    }
    return spans;
  }

  private static Chart timeline(
      Analysis run, List<CellResults> cells, Map<CellId, SortedMap<Integer, Span>> spans) {
    int most = spans.values().stream().mapToInt(s -> s.size()).max().orElse(0);
    List<String> columns = new ArrayList<>(List.of("cell"));
    List<Map<String, Object>> series = new ArrayList<>();
    for (int n = 1; n <= most; n++) {
      columns.addAll(List.of("before " + n, "repetition " + n));
      series.add(Map.of("before", "before " + n, "name", "repetition " + n));
    }
    ChartTemplate template = ChartTemplate.of("timeline");
    List<List<Object>> rows = new ArrayList<>();
    cells.forEach(c -> rows.add(row(c, most, spans.get(c.id()))));
    List<List<Object>> happened =
        run.results().log().stream()
            .filter(l -> SEEN.contains(l.step()))
            .map(l ->
                List.<Object>of(
                    rounded(l.atMs() / MS_PER_S),
                    HAPPENED,
                    l.step().word() + l.detail().map(d -> " " + d).orElse("")))
            .toList();
    template.data(columns, rows);
    template.repeatSeries(series);
    if (!happened.isEmpty()) {
      rows.add(List.of(HAPPENED));
      template.data(List.of("at", "row", "what"), happened);
      template.addSeries("happened");
    }
    return template.chart(
        "timeline",
        "When each repetition ran",
        "Repetitions go round all cells that share a testbed, in a new order each time, so that"
            + " drift of the machine meets these cells alike.",
        WIDTH,
        MARGINS + ROW * rows.size(),
        List.of());
  }

  private static List<Object> row(CellResults cell, int most, SortedMap<Integer, Span> spans) {
    List<Object> row = new ArrayList<>(List.of("#" + cell.number() + " " + cell.title()));
    double before = 0;
    for (Span s : spans.values()) {
      row.add(rounded(s.from() - before));
      row.add(rounded(s.to() - s.from()));
      before = s.to();
    }
    while (row.size() < 1 + 2 * most) {
      row.add(0);
    }
    return row;
  }

  static double rounded(double x) {
    return Math.round(x * DIGITS) / DIGITS;
  }
}
