package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Death;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Event;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Over;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  private static final LineGroup FAILED = new LineGroup(0, "failed", 5, "none");

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
            Stream.of(requests(cell), connections(cell), failures(cell), ends(cell))
                .filter(p -> p.highest() > 0)
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

  /** Values at each point: by group, then by point. */
  private static final class Values {
    private final SortedMap<LineGroup, List<List<Double>>> values =
        new TreeMap<>(Comparator.comparingInt(LineGroup::place));

    void add(LineGroup group, int point, double value) {
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
  private static TimePanel requests(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    int points = (int) Math.ceil(lengthS(cell) / step);
    for (RepetitionResults r : cell.repetitions()) {
      Map<String, double[]> answered = new HashMap<>();
      for (PodsOverTimeRow row : r.podsOverTime()) {
        if (row.pod().isPresent() && within(cell, row)) {
          int point = point(row.atMs(), step);
          answered.computeIfAbsent(row.pod().get(), _ -> new double[points])[point] +=
              row.answeredCount() / seconds(cell, step, point);
        }
      }
      if (!answered.isEmpty()) {
        PodGroup.of(r)
            .forEach((pod, group) -> {
              double[] each = answered.getOrDefault(pod, new double[points]);
              IntStream.range(0, points).forEach(i -> values.add(group.line(), i, each[i]));
            });
      }
    }
    return panel(cell, "requests a second of a pod", Over.PODS, values.lines(step, 0.5));
  }

  /** Open connections of each pod, from the lives in the ledger. */
  private TimePanel connections(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    for (RepetitionResults r : cell.repetitions()) {
      List<ConnectionRow> rows = ledger.getOrDefault(r.summary().at(), List.of());
      Map<String, PodGroup> groups = PodGroup.of(r);
      for (int i = 0; i * step <= lengthS(cell); i++) {
        double ms = i * step * MS_PER_S;
        Map<String, Long> open =
            rows.stream()
                .filter(c -> c.livesAt(ms) && c.pod().isPresent())
                .collect(Collectors.groupingBy(c -> c.pod().get(), Collectors.counting()));
        int point = i;
        groups.forEach((pod, group) -> values.add(group.line(), point, open.getOrDefault(pod, 0L)));
      }
    }
    return panel(cell, "open connections of a pod", Over.PODS, values.lines(step, 0));
  }

  /** Requests that failed a second, of all phases, all clients together. */
  TimePanel failures(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    int points = (int) Math.ceil(lengthS(cell) / step);
    for (RepetitionResults r : cell.repetitions()) {
      double[] failed = new double[points];
      for (PodsOverTimeRow row : r.podsOverTime()) {
        if (within(cell, row)) {
          int point = point(row.atMs(), step);
          failed[point] += row.failedCount() / seconds(cell, step, point);
        }
      }
      IntStream.range(0, points).forEach(i -> values.add(FAILED, i, failed[i]));
    }
    return panel(cell, "failed requests a second", Over.CLIENTS, values.lines(step, 0.5));
  }

  /** Connections that ended a second before the client wanted it, by how, all clients together. */
  private TimePanel ends(CellResults cell) {
    Values values = new Values();
    double step = step(cell);
    int points = (int) Math.ceil(lengthS(cell) / step);
    List<Death> ways =
        cell.repetitions().stream()
            .flatMap(r -> ledger.getOrDefault(r.summary().at(), List.of()).stream())
            .filter(c -> endedWithin(cell, c))
            .map(ConnectionRow::death)
            .filter(Death::broken)
            .distinct()
            .sorted()
            .toList();
    for (RepetitionResults r : cell.repetitions()) {
      for (Death way : ways) {
        double[] ended = new double[points];
        ledger.getOrDefault(r.summary().at(), List.of()).stream()
            .filter(c -> c.death() == way && endedWithin(cell, c))
            .mapToInt(c -> point(c.diedMs(), step))
            .forEach(point -> ended[point] += 1 / seconds(cell, step, point));
        IntStream.range(0, points).forEach(i -> values.add(group(way), i, ended[i]));
      }
    }
    return panel(cell, "connections ended early a second", Over.CLIENTS, values.lines(step, 0.5));
  }

  private static LineGroup group(Death way) {
    return switch (way) {
      case RESET -> new LineGroup(1, "reset", 5, "none");
      case TIMED_OUT -> new LineGroup(2, "timed out", 0, "8 3");
      case GOODBYE -> new LineGroup(3, "told to leave", 2, "2 2");
      case PEER_FIN -> new LineGroup(4, "closed by the pod", 1, "8 3 2 3");
      default -> new LineGroup(5, "otherwise", 3, "4 4");
    };
  }

  private static boolean endedWithin(CellResults cell, ConnectionRow c) {
    return c.diedMs() >= 0 && c.diedMs() < lengthS(cell) * MS_PER_S;
  }

  private static boolean within(CellResults cell, PodsOverTimeRow row) {
    return row.atMs() >= 0 && row.atMs() < lengthS(cell) * MS_PER_S;
  }

  /** How long a point stands for: the last one for what is left. */
  private static double seconds(CellResults cell, double step, int point) {
    double left = lengthS(cell) - point * step;
    return Math.min(step, Math.rint(left * MS_PER_S) / MS_PER_S);
  }

  private static int point(double ms, double step) {
    return (int) Math.floor(ms / MS_PER_S / step + ROUNDING);
  }

  private static TimePanel panel(CellResults cell, String name, Over over, List<Line> lines) {
    return new TimePanel(name, over, lines, events(cell), lengthS(cell));
  }

  /** The changes when each was done, as the first repetition made them. */
  private static List<Event> events(CellResults cell) {
    return cell.repetitions().getFirst().events().stream()
        .filter(e -> Double.isFinite(e.doneMs()))
        .map(e -> new Event(e.doneMs() / MS_PER_S, name(e)))
        .toList();
  }

  private static String name(EventRow e) {
    String what = e.adds() ? "+" : e.removes() ? "\u2212" : e.step().word() + " ";
    return e.podsCount() == 0
        ? e.step().word()
        : what + e.podsCount() + (e.podsCount() == 1 ? " pod" : " pods");
  }
}
