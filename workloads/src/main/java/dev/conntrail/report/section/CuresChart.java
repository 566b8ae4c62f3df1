package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.finding.CureCase;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.PodChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** How even pods are against what a request takes of the CPU: a point a cell. */
final class CuresChart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 440;
  private static final double NS_PER_US = 1000;

  /** Of a telephone's page, less what is left free beside the legend. */
  private static final int NARROW = 330;

  /** How high a row of the legend is; how wide a letter of it, and what stands before each name. */
  private static final int ROW = 34;

  private static final double LETTER = 6.5;
  private static final int ICON = 42;

  /** Rows that the template has room for. */
  private static final int ROOM = 2;

  private static final int ROOM_OF_NARROW = 3;
  private static final int POINT = 11;
  private static final int SMALL = 7;
  private static final List<Integer> DASH = List.of(16, 2);

  /** Those that are filled. */
  private static final int SHAPES = 4;

  private static final String DESCRIPTION =
      "A point is a cell: lower is more even, further left is cheaper. Filled: requests; small and"
          + " hollow: connections; a dash: connections, as a fair draw has them on average; of"
          + " repetitions the worst. CPU is of clients, a proxy and pods together; of cells in a guest"
          + " it is not known, and they have no point.";

  private static final String INK = "var(--ink, #1b1b1f)";
  private static final String CONNECTIONS = "connections";
  private static final String EXPECTED = "connections, expected of a fair draw";

  /** What is drawn: a name of the legend in a panel. */
  private record Series(String name, int panel) {}

  private final Map<Series, List<List<Object>>> points = new LinkedHashMap<>();

  private CuresChart() {}

  /** Empty where no cell has both. */
  static Optional<Chart> of(Analysis run, List<CureGroup> groups) {
    CuresChart chart = new CuresChart();
    groups.stream().flatMap(g -> g.cells().stream()).forEach(c -> chart.add(run, c));
    return chart.points.isEmpty() ? Optional.empty() : Optional.of(chart.drawn());
  }

  private void add(Analysis run, CellResults cell) {
    double us =
        run.cure(cell).map(CureRow::cpu).map(CureRow.Cpu::all).orElse(Double.NaN) / NS_PER_US;
    String cure = CureFindings.name(cell.cell());
    if (cell.cell().course().events().isEmpty()) {
      point(new Series(cure, 0), cell, us, high(CureCase.busiestOverMean(cell, Unit.REQUESTS)));
      point(
          new Series(CONNECTIONS, 0),
          cell,
          us,
          high(CureCase.busiestOverMean(cell, Unit.CONNECTIONS)));
      if (cell.cell().choice() == PodChoice.DRAW) {
        point(new Series(EXPECTED, 0), cell, us, expected(cell));
      }
    } else if (CureCase.AUTOSCALING.holds(cell)) {
      point(new Series(cure, 1), cell, us, high(CureCase.hottestOverMean(run, cell)));
    }
  }

  /** Of as many connections as the first repetition had. */
  private static double expected(CellResults cell) {
    return cell.counted().stream()
        .findFirst()
        .map(r -> r.counts(Unit.CONNECTIONS))
        .filter(n -> LongStream.of(n).sum() > 0)
        .map(n -> new FairDraw(LongStream.of(n).sum(), n.length).expectedMaxOverMean())
        .orElse(Double.NaN);
  }

  private static double high(Optional<Span> span) {
    return span.map(Span::high).orElse(Double.NaN);
  }

  private void point(Series series, CellResults cell, double us, double ratio) {
    if (Double.isFinite(us) && Double.isFinite(ratio)) {
      points
          .computeIfAbsent(series, _ -> new ArrayList<>())
          .add(
              List.of(
                  "#" + cell.number() + " " + cell.title(),
                  TimelineSection.rounded(us),
                  TimelineSection.rounded(ratio)));
    }
  }

  /** Of what was measured: a panel for cells at rest, one for those with a scale-out. */
  private Chart drawn() {
    List<Integer> panels = points.keySet().stream().map(Series::panel).distinct().sorted().toList();
    ChartTemplate template = ChartTemplate.of(panels.size() > 1 ? "cures" : "cures-one");
    for (int i = 0; i < panels.size(); i++) {
      boolean rest = panels.get(i) == 0;
      template.set("title." + i + ".text", rest ? "at rest" : "in the second after a scale-out");
      template.set("yAxis." + i + ".name", (rest ? "busiest" : "hottest") + " pod over the mean");
    }
    List<String> cures =
        points.keySet().stream()
            .map(Series::name)
            .distinct()
            .filter(n -> !n.equals(CONNECTIONS) && !n.equals(EXPECTED))
            .toList();
    List<String> names = new ArrayList<>(cures);
    List.of(CONNECTIONS, EXPECTED).stream()
        .filter(n -> points.containsKey(new Series(n, 0)))
        .forEach(names::add);
    List<Map<String, Object>> series = new ArrayList<>();
    points.forEach((one, rows) -> {
      template.data(List.of("cell", "cpu", "ratio"), rows);
      series.add(look(one, panels.indexOf(one.panel()), cures.indexOf(one.name()), series.size()));
    });
    template.repeatSeries(series);
    template.set("legend.data", names);
    int lower = ROW * Math.max(0, rows(names, WIDTH) - ROOM);
    makeRoom(template, "", panels.size(), lower);
    int narrow = ROW * Math.max(0, rows(names, NARROW) - ROOM_OF_NARROW);
    makeRoom(template, "media.0.option.", panels.size(), narrow);
    template.add("narrowHeight", narrow);
    return template.chart(
        "cures",
        "How even pods are against what a request costs",
        DESCRIPTION,
        WIDTH,
        HEIGHT + lower,
        names);
  }

  /** How many rows a legend takes. */
  private static int rows(List<String> names, int width) {
    int rows = 1;
    double at = 0;
    for (String name : names) {
      double own = ICON + LETTER * name.length();
      if (at > 0 && at + own > width) {
        rows++;
        at = 0;
      }
      at += own;
    }
    return rows;
  }

  /** What is below a legend of many rows stands so much lower. */
  private static void makeRoom(ChartTemplate template, String of, int panels, int px) {
    for (int i = 0; i < panels; i++) {
      template.add(of + "title." + i + ".top", px);
      template.add(of + "grid." + i + ".top", px);
    }
  }

  /**
   * How points look.
   *
   * @param panel of those that are drawn
   * @param place of the cure; below 0 for connections
   */
  private static Map<String, Object> look(Series one, int panel, int place, int dataset) {
    boolean expected = one.name().equals(EXPECTED);
    String colour = place >= 0 ? ChartTemplate.colour(place) : INK;
    return Map.of(
        "name",
        one.name(),
        "panel",
        panel,
        "dataset",
        dataset,
        "size",
        place >= 0 ? POINT : expected ? DASH : SMALL,
        "symbol",
        expected ? "rect" : ChartTemplate.symbol(Math.max(0, place) % SHAPES),
        "colour",
        colour,
        "fill",
        one.name().equals(CONNECTIONS) ? "transparent" : colour);
  }
}
