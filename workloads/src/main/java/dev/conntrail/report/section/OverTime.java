package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Event;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.report.chart.TimePanel.Style;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What pods had over time while the Service changed, by group of pods: the mean over pods and
 * repetitions, and the least and the most of them.
 */
final class OverTime {
  private static final double MS_PER_S = 1000;

  /** Points that a line has, about. */
  private static final int POINTS = 40;

  private static final double SHORTEST_S = 0.1;

  /** 0.3 / 0.1 is a little less than 3. */
  private static final double ROUNDING = 1e-9;

  private static final Style FAILED = new Style("var(--bad,#a33b00)", "none");

  private final Map<At, List<ConnectionRow>> ledger;

  /** Made once a cell, for what they are made of is read from files. */
  private final Map<CellId, List<TimePanel>> panels = new HashMap<>();

  /** Of a run. */
  OverTime(Analysis run) {
    this.ledger =
        run.results().connections().stream().collect(Collectors.groupingBy(ConnectionRow::at));
  }

  /** Whether there is anything to show of a cell. */
  static boolean of(CellResults cell) {
    return !cell.cell().course().events().isEmpty();
  }

  /** All panels of a cell. */
  List<TimePanel> panels(CellResults cell) {
    return panels.computeIfAbsent(
        cell.id(),
        _ ->
            Stream.of(requests(cell), connections(cell), failures(cell))
                .flatMap(Optional::stream)
                .toList());
  }

  /** The panel of pods that tells most of a cell. */
  Optional<TimePanel> ofPods(CellResults cell) {
    return panels(cell).stream().filter(p -> p.over() == Over.PODS).findFirst();
  }

  private static double lengthS(CellResults cell) {
    return cell.cell().course().phases().length().toMillis() / MS_PER_S;
  }

  private static double step(CellResults cell) {
    return Math.max(SHORTEST_S, Math.ceil(lengthS(cell) / POINTS / SHORTEST_S) * SHORTEST_S);
  }

  /** Values of each pod at each point: by group, then by point. */
  private static final class Values {
    private final Map<PodGroup, List<List<Double>>> values = new EnumMap<>(PodGroup.class);

    void add(PodGroup group, int point, double value) {
      List<List<Double>> points = values.computeIfAbsent(group, _ -> new ArrayList<>());
      while (points.size() <= point) {
        points.add(new ArrayList<>());
      }
      points.get(point).add(value);
    }

    /** Lines of values that hold from a point on, or, of rates, half a step later. */
    List<Line> lines(double step, double later) {
      List<Line> lines = new ArrayList<>();
      values.forEach((group, points) -> {
        List<Point> line = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
          line.add(point((i + later) * step, points.get(i)));
        }
        lines.add(new Line(group.word(), group.style(), line));
      });
      return lines;
    }
  }

  private static Point point(double s, List<Double> values) {
    return new Point(
        s,
        values.stream().mapToDouble(v -> v).average().orElse(0),
        values.stream().mapToDouble(v -> v).min().orElse(0),
        values.stream().mapToDouble(v -> v).max().orElse(0));
  }

  /** Requests that each pod answered a second, of all phases. */
  private static Optional<TimePanel> requests(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    int points = (int) Math.ceil(lengthS(cell) / step);
    for (RepetitionResults r : cell.repetitions()) {
      Map<String, double[]> answered = new HashMap<>();
      for (PodsOverTimeRow row : r.podsOverTime()) {
        int point = (int) Math.floor(row.atMs() / MS_PER_S / step + ROUNDING);
        if (row.pod().isPresent() && point >= 0 && point < points) {
          answered.computeIfAbsent(row.pod().get(), _ -> new double[points])[point] +=
              row.answeredCount() / step;
        }
      }
      if (!answered.isEmpty()) {
        PodGroup.of(r)
            .forEach((pod, group) -> {
              double[] each = answered.getOrDefault(pod, new double[points]);
              IntStream.range(0, points).forEach(i -> values.add(group, i, each[i]));
            });
      }
    }
    return panel(cell, "requests a second of a pod", Over.PODS, values.lines(step, 0.5));
  }

  /** Open connections of each pod, from the lives in the ledger. */
  private Optional<TimePanel> connections(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    for (RepetitionResults r : cell.repetitions()) {
      List<ConnectionRow> rows = ledger.getOrDefault(r.summary().at(), List.of());
      Map<String, PodGroup> groups = PodGroup.of(r);
      for (int i = 0; i * step <= lengthS(cell); i++) {
        double ms = i * step * MS_PER_S;
        Map<String, Long> open =
            rows.stream()
                .filter(c -> c.bornMs() <= ms && c.diedMs() > ms && c.pod().isPresent())
                .collect(Collectors.groupingBy(c -> c.pod().get(), Collectors.counting()));
        int point = i;
        groups.forEach((pod, group) -> values.add(group, point, open.getOrDefault(pod, 0L)));
      }
    }
    return panel(cell, "open connections of a pod", Over.PODS, values.lines(step, 0));
  }

  /** Failed requests of each second, all clients together. */
  private static Optional<TimePanel> failures(CellResults cell) {
    Map<Long, List<Double>> seconds = new LinkedHashMap<>();
    boolean any = false;
    for (RepetitionResults r : cell.repetitions()) {
      Map<Long, Long> failed =
          r.intervals().stream()
              .collect(
                  Collectors.groupingBy(
                      i -> Math.round((i.startMs() + i.lengthMs() / 2) / MS_PER_S),
                      LinkedHashMap::new,
                      Collectors.summingLong(IntervalRow::failedCount)));
      any |= failed.values().stream().anyMatch(n -> n > 0);
      failed.forEach((s, n) -> seconds.computeIfAbsent(s, _ -> new ArrayList<>()).add((double) n));
    }
    List<Point> points =
        seconds.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> point(e.getKey(), e.getValue()))
            .toList();
    return any
        ? panel(
            cell,
            "failed requests of a second",
            Over.CLIENTS,
            List.of(new Line("failed", FAILED, points)))
        : Optional.empty();
  }

  private static Optional<TimePanel> panel(
      CellResults cell, String name, Over over, List<Line> lines) {
    boolean nothing = lines.stream().flatMap(l -> l.points().stream()).allMatch(p -> p.high() == 0);
    return nothing
        ? Optional.empty()
        : Optional.of(new TimePanel(name, over, lines, events(cell), lengthS(cell)));
  }

  /** The changes, as the first repetition made them. */
  private static List<Event> events(CellResults cell) {
    return cell.repetitions().getFirst().events().stream()
        .map(e -> new Event(e.begunMs() / MS_PER_S, name(e)))
        .toList();
  }

  private static String name(EventRow e) {
    String what = e.adds() ? "+" : e.removes() ? "\u2212" : e.step().word() + " ";
    return e.podsCount() == 0
        ? e.step().word()
        : what + e.podsCount() + (e.podsCount() == 1 ? " pod" : " pods");
  }
}
