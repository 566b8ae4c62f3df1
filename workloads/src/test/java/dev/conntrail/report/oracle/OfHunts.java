package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/** How pools that take the first free connection spread requests, worked out pool by pool. */
record OfHunts(Facts facts) {
  private static final double TOLERATED = 0.03;
  private static final double SAME = 2e-5;
  private static final List<String> PLACES = List.of("first", "second", "third");

  /** Of a client in a repetition, with shares of its first connections. */
  private record Pool(
      double few, double many, int open, List<Double> seen, List<double[]> expected) {
    /** As far as it is outside of what both loads have, by the nearest. */
    static double beyond(double x, double low, double high) {
      return x < low ? x - low : x > high ? x - high : 0;
    }
  }

  /** Erlang's B, by its sum. */
  private static double lost(double load, int places) {
    double term = 1;
    double sum = 1;
    for (int k = 1; k <= places; k++) {
      term *= load / k;
      sum += term;
    }
    return term / sum;
  }

  private static double shareOf(double load, long place) {
    return lost(load, (int) place - 1) - lost(load, (int) place);
  }

  private static double died(Map<String, String> c) {
    return c.get("lived_ms").equals("NA")
        ? Double.MAX_VALUE
        : number(c, "born_ms") + number(c, "lived_ms");
  }

  /** Over every stretch of time in which its place among those that are open is the same. */
  private static double expected(
      double load, List<Map<String, String>> before, double from, double to) {
    TreeSet<Double> ends = new TreeSet<>();
    before.forEach(c -> ends.add(Math.min(to, died(c))));
    double end = Math.min(to, died(before.getLast()));
    double sum = 0;
    double at = from;
    for (double until : ends.headSet(end, true)) {
      double now = at;
      sum += (until - at) * shareOf(load, before.stream().filter(c -> died(c) > now).count());
      at = until;
    }
    return sum / (to - from);
  }

  private static Optional<Pool> pool(
      Cell c, List<Map<String, String>> rows, Map<String, String> s) {
    double to = c.count("warmup_ms") + c.count("measure_ms");
    double from = c.count("warmup_ms");
    double requests = rows.stream().mapToDouble(r -> number(r, "measured_requests_count")).sum();
    double few = requests / (to - from) * number(s, "service_p50_ns") / 1e6;
    double many = requests / (to - from) * number(s, "service_mean_ns") / 1e6;
    List<Map<String, String>> open =
        rows.stream()
            .filter(r -> number(r, "born_ms") < from && died(r) > from)
            .sorted(
                Comparator.comparingDouble(OfHunts::warmUp)
                    .reversed()
                    .thenComparingDouble(r -> number(r, "born_ms")))
            .toList();
    if (open.size() < 2 || few == 0) {
      return Optional.empty();
    }
    List<Double> seen = new ArrayList<>();
    List<double[]> expected = new ArrayList<>();
    for (int i = 0; i < Math.min(3, open.size()); i++) {
      seen.add(number(open.get(i), "measured_requests_count") / requests);
      double[] both = {
        expected(few, open.subList(0, i + 1), from, to),
        expected(many, open.subList(0, i + 1), from, to)
      };
      Arrays.sort(both);
      expected.add(both);
    }
    return Optional.of(new Pool(few, many, open.size(), seen, expected));
  }

  private static double warmUp(Map<String, String> c) {
    return number(c, "requests_count") - number(c, "measured_requests_count");
  }

  /** Whether nothing happens, or all pods become slow. */
  private static boolean alike(Cell c) {
    return c.is("events")
        .matches("none|slow-pod=" + c.count("pods_count") + ",delay=[0-9a-z]+@[^;]*");
  }

  /** Those of a cell; none where theory says nothing. */
  private List<Pool> pools(Cell c) {
    boolean known =
        c.is("protocol").equals("http1")
            && c.shared()
            && "poisson".equals(c.settings().get("arrivals"))
            && !"loop".equals(c.settings().get("client"))
            && c.is("rate").matches("\\d+")
            && !c.is("data_plane").equals("direct")
            && c.is("cure").equals("none")
            && alike(c)
            && c.count("idle_ms") == 0;
    List<Pool> pools = new ArrayList<>();
    for (Map<String, String> s : known ? c.counted() : List.<Map<String, String>>of()) {
      Map<String, List<Map<String, String>>> clients =
          c.rows("connections").stream()
              .filter(r -> r.get("repetition").equals(s.get("repetition")))
              .collect(Collectors.groupingBy(r -> r.get("client")));
      clients.values().forEach(rows -> pool(c, rows, s).ifPresent(pools::add));
    }
    return pools.size() < 3 ? List.of() : pools;
  }

  private List<Cell> hunting() {
    return facts.measured(c -> !pools(c).isEmpty());
  }

  private static int places(List<Pool> pools) {
    return pools.stream().mapToInt(p -> p.seen().size()).min().orElseThrow();
  }

  private static double inTurn(List<Pool> pools) {
    return pools.size() / pools.stream().mapToDouble(Pool::open).sum();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  /** Means of differences from theory, and their standard errors, by place. */
  private static List<double[]> differences(List<Pool> pools) {
    return IntStream.range(0, places(pools))
        .mapToObj(i -> {
          List<Double> d =
              pools.stream()
                  .map(p -> p.seen().get(i) - (p.expected().get(i)[0] + p.expected().get(i)[1]) / 2)
                  .toList();
          double m = mean(d);
          double squares = d.stream().mapToDouble(x -> (x - m) * (x - m)).sum();
          double seen = mean(pools.stream().map(p -> p.seen().get(i)).toList());
          return new double[] {
            Pool.beyond(seen, end(pools, i, 0), end(pools, i, 1)),
            Math.sqrt(squares / (d.size() - 1) / d.size())
          };
        })
        .toList();
  }

  /** The less or the more that theory has of a place, on average. */
  private static double end(List<Pool> pools, int place, int which) {
    return mean(pools.stream().map(p -> p.expected().get(place)[which]).toList());
  }

  private static double p(List<Pool> pools) {
    TDistribution t = new TDistribution(pools.size() - 1.0);
    double least = 1;
    for (double[] d : differences(pools)) {
      least = Math.min(least, 2 * t.cumulativeProbability(-(Math.abs(d[0]) - TOLERATED) / d[1]));
    }
    return Math.min(1, places(pools) * least);
  }

  private static double found(List<Pool> pools, double level) {
    TDistribution t = new TDistribution(pools.size() - 1.0);
    List<double[]> differences = differences(pools);
    double most = 0;
    for (int i = 0; i < places(pools); i++) {
      double other = Pool.beyond(inTurn(pools), end(pools, i, 0), end(pools, i, 1));
      double far = (Math.abs(other) - TOLERATED) / differences.get(i)[1];
      double at = -t.inverseCumulativeProbability(level / places(pools) / 2);
      most = Math.max(most, t.cumulativeProbability(far - at));
    }
    return most;
  }

  void finding(String id, String text) {
    List<Cell> all = hunting();
    Cell c = all.stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    List<Pool> pools = pools(c);
    Filled f =
        Phrase.read(
            "Of a client's requests ([*]) [*] went over the connections that its warm-up had used most; a pool"
                + " that takes the first that is free has [*] there by Erlang's formula, with [r] of a"
                + " client's requests under way: [*].",
            text);
    assertThat(f.words(0)).isEqualTo(c.name());
    shares(f.words(1), places(pools), i -> mean(pools.stream().map(p -> p.seen().get(i)).toList()));
    Filled ends =
        Phrase.read(places(pools) == 2 ? "[r] % and [r] %" : "[r] %, [r] % and [r] %", f.words(2));
    IntStream.range(0, places(pools))
        .forEach(i -> ends.spans(i, List.of(100 * end(pools, i, 0), 100 * end(pools, i, 1))));
    f.spans(
        3,
        List.of(
            mean(pools.stream().map(Pool::few).toList()),
            mean(pools.stream().map(Pool::many).toList())));
    new FitWords(p(pools), found(pools, FitWords.level(all.size())), all.size())
        .are(f.words(4), "connections that are taken in turn would be found in [n] % of such runs");
  }

  private static void shares(String words, int places, java.util.function.IntToDoubleFunction own) {
    Filled f = Phrase.read(places == 2 ? "[n] % and [n] %" : "[n] %, [n] % and [n] %", words);
    IntStream.range(0, places).forEach(i -> f.is(i, 100 * own.applyAsDouble(i)));
  }

  /** Whether a heading says it of all cells, one after the other. */
  boolean hold(String text) {
    List<Cell> all = hunting();
    String[] each = text.split("(?<=\\.) (?=Of a client's requests)", -1);
    if (all.size() != facts.measured().size() || each.length != all.size()) {
      return false;
    }
    IntStream.range(0, each.length).forEach(i -> finding("hunt-" + all.get(i).id(), each[i]));
    return true;
  }

  /** Whether a chart of one is called by its cell. */
  boolean drawn(String name) {
    return hunting().stream().anyMatch(c -> name.equals(c.name()));
  }

  /** Rows of hunts.csv say this. */
  void areTheRows() {
    List<Cell> all = hunting();
    assertThat(all).isNotEmpty();
    for (Cell c : all) {
      List<Pool> pools = pools(c);
      Map<String, String> row = c.rows("hunts").getFirst();
      is(row, "batches_count", pools.size());
      is(row, "under_way_low_count", mean(pools.stream().map(Pool::few).toList()));
      is(row, "under_way_high_count", mean(pools.stream().map(Pool::many).toList()));
      is(row, "in_turn_pct", 100 * inTurn(pools));
      is(row, "p", p(pools));
      is(row, "p_adjusted", Math.min(1, p(pools) * all.size()));
      is(row, "in_turn_found_pct", 100 * found(pools, FitWords.level(all.size())));
      for (int i = 0; i < places(pools); i++) {
        int place = i;
        List<Double> seen = pools.stream().map(p -> p.seen().get(place)).toList();
        String of = PLACES.get(i);
        is(row, of + "_pct", 100 * mean(seen));
        is(row, of + "_low_pct", 100 * seen.stream().mapToDouble(x -> x).min().orElseThrow());
        is(row, of + "_high_pct", 100 * seen.stream().mapToDouble(x -> x).max().orElseThrow());
        is(row, of + "_expected_low_pct", 100 * end(pools, i, 0));
        is(row, of + "_expected_high_pct", 100 * end(pools, i, 1));
      }
    }
  }

  private static void is(Map<String, String> row, String column, double own) {
    assertThat(number(row, column)).as(column).isCloseTo(own, within(SAME * own + 1e-9));
  }
}
