package dev.conntrail.site;

import dev.conntrail.analysis.trend.ChangePoint;
import dev.conntrail.analysis.trend.EDivisive;
import dev.conntrail.record.Quantiles;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Sha256;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs of one experiment on one testbed of one machine, with cells that are followed over them.
 *
 * @param runs in order of time, at least two
 * @param cells that are followed, as the newest run that has them names them
 * @param series of each cell and measure that has values
 * @param method how change points are found
 */
record Trends(
    List<PublishedRun> runs, List<CellFigures> cells, List<Series> series, EDivisive method) {
  /** As many as there are colours. */
  static final int MOST_CELLS = 7;

  /** Chance of any wrong change point of a page, of runs that could have come in any order. */
  static final double FAMILY_ERROR = 0.05;

  /** Runs on each side of a change point. */
  private static final int LEAST = 3;

  private static final int PERMUTATIONS = 9_999;
  private static final long SEED = 20_261_128;

  /** Older ones are not followed. */
  private static final int MOST_RUNS = 200;

  private static final int HASH = 8;

  /**
   * A figure of a cell over runs.
   *
   * @param values by run; not a number where a run has none
   * @param changes index of the first run after each
   */
  record Series(CellFigures cell, Measure measure, List<Double> values, List<Change> changes) {
    /** How many runs have a value. */
    long known() {
      return values.stream().filter(Double::isFinite).count();
    }
  }

  /**
   * A change of a figure.
   *
   * @param at the first run after it, from 0
   * @param before median of the runs since the change before
   * @param after median of the runs up to the next
   */
  record Change(int at, double before, double after, double p) {}

  /** Of all runs of a site, newest first; those of which there is one alone have no trend. */
  static List<Trends> of(List<PublishedRun> published, List<String> chosen) {
    Map<String, List<PublishedRun>> groups =
        published.stream()
            .filter(r -> !r.planted() && r.measuredCount() > 0)
            .filter(r -> !r.platform().machine().equals(Platform.UNKNOWN))
            .collect(Collectors.groupingBy(Trends::key, LinkedHashMap::new, Collectors.toList()));
    return groups.values().stream()
        .filter(runs -> runs.size() > 1)
        .map(runs -> follow(runs.stream().limit(MOST_RUNS).toList().reversed(), chosen))
        .toList();
  }

  private static String key(PublishedRun run) {
    return run.experiment() + "\n" + run.testbeds() + "\n" + run.platform().machine();
  }

  private static Trends follow(List<PublishedRun> runs, List<String> chosen) {
    List<CellFigures> cells = choose(runs, chosen);
    List<Series> plain = new ArrayList<>();
    for (CellFigures cell : cells) {
      for (Measure measure : Measure.values()) {
        Series series = new Series(cell, measure, values(runs, cell.id(), measure), List.of());
        if (series.known() > 1) {
          plain.add(series);
        }
      }
    }
    EDivisive method =
        new EDivisive(FAMILY_ERROR / Math.max(1, plain.size()), LEAST, PERMUTATIONS, SEED);
    return new Trends(
        runs,
        cells,
        plain.stream()
            .map(s -> new Series(s.cell(), s.measure(), s.values(), changes(method, s.values())))
            .toList(),
        method);
  }

  /** Those that were asked for; else of each data plane one whose connections last, and one not. */
  private static List<CellFigures> choose(List<PublishedRun> runs, List<String> chosen) {
    List<CellFigures> asked =
        all(runs).stream()
            .filter(c -> chosen.stream().anyMatch(words -> is(c, words)))
            .limit(MOST_CELLS)
            .toList();
    if (!asked.isEmpty()) {
      return asked;
    }
    List<CellFigures> newest = runs.getLast().cells();
    return newest.stream()
        .map(CellFigures::variant)
        .distinct()
        .flatMap(variant ->
            Stream.of(true, false)
                .flatMap(longLived ->
                    newest.stream()
                        .filter(c -> c.plain() && c.variant().equals(variant))
                        .filter(c -> c.longLived() == longLived)
                        .limit(1)))
        .limit(MOST_CELLS)
        .toList();
  }

  /** All cells that any of the runs has, as the newest with it names it. */
  static List<CellFigures> all(List<PublishedRun> runs) {
    Map<CellId, CellFigures> cells = new LinkedHashMap<>();
    runs.reversed().forEach(r -> r.cells().forEach(c -> cells.putIfAbsent(c.id(), c)));
    return List.copyOf(cells.values());
  }

  /** Whether a cell is meant: by its id, or by words that are all in its title. */
  static boolean is(CellFigures cell, String words) {
    return cell.id().word().equals(words)
        || Arrays.stream(words.split("[ ,]+")).allMatch(w -> cell.title().contains(w));
  }

  private static List<Double> values(List<PublishedRun> runs, CellId cell, Measure measure) {
    return runs.stream()
        .map(r ->
            r.cells().stream()
                .filter(c -> c.id().equals(cell))
                .map(measure::of)
                .findFirst()
                .orElse(Double.NaN))
        .toList();
  }

  /** Of the runs that have a value; of ratios, where no value is 0. */
  private static List<Change> changes(EDivisive method, List<Double> values) {
    int[] places =
        IntStream.range(0, values.size()).filter(i -> Double.isFinite(values.get(i))).toArray();
    double[] known = Arrays.stream(places).mapToDouble(values::get).toArray();
    boolean ratios = Arrays.stream(known).allMatch(v -> v > 0);
    List<ChangePoint> points =
        method.of(ratios ? Arrays.stream(known).map(Math::log).toArray() : known);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int from = i == 0 ? 0 : points.get(i - 1).index();
      int at = points.get(i).index();
      int to = i + 1 < points.size() ? points.get(i + 1).index() : known.length;
      changes.add(
          new Change(
              places[at],
              Quantiles.median(Arrays.copyOfRange(known, from, at)),
              Quantiles.median(Arrays.copyOfRange(known, at, to)),
              points.get(i).p()));
    }
    return changes;
  }

  /** The newest run. */
  PublishedRun newest() {
    return runs.getLast();
  }

  /** All changes, the newest first. */
  List<Map.Entry<Series, Change>> changes() {
    return series.stream()
        .flatMap(s -> s.changes().stream().map(c -> Map.entry(s, c)))
        .sorted(
            Comparator.comparingInt((Map.Entry<Series, Change> e) -> e.getValue().at()).reversed())
        .toList();
  }

  /** The most runs that any series has. */
  long known() {
    return series.stream().mapToLong(Series::known).max().orElse(0);
  }

  /** Where its page is, from the site's top. */
  String page() {
    return SitePages.TRENDS
        + "/"
        + newest().experiment()
        + "-"
        + newest().testbeds().stream().map(TestbedKind::word).collect(Collectors.joining("-"))
        + "-"
        + Sha256.of(newest().platform().machine()).substring(0, HASH)
        + ".html";
  }

  /** The series of a measure. */
  List<Series> of(Measure measure) {
    return series.stream().filter(s -> s.measure() == measure).toList();
  }

  /** What was asked for and is in no run. */
  static Optional<String> unknown(List<PublishedRun> published, List<String> chosen) {
    List<CellFigures> all = all(published);
    return chosen.stream().filter(words -> all.stream().noneMatch(c -> is(c, words))).findFirst();
  }
}
