package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** When connections were opened anew that began together, worked out connection by connection. */
record OfHerds(Facts facts) {
  private static final double SAME = 2e-5;
  private static final int LISTED = 6;

  /** From some time to another after the start, milliseconds. */
  private record Stretch(double from, double to) {}

  /**
   * A herd, in milliseconds after the start of each repetition.
   *
   * @param lag how late a connection may be used next
   * @param meanLag how late it is
   */
  private record Herd(
      OfRenewals.Ages ages,
      double age,
      double lag,
      double meanLag,
      List<Double> begun,
      List<Double> later,
      int repetitions,
      double watched) {
    double shortest() {
      return 0.98 * ages.least();
    }

    List<Stretch> tenths() {
      return IntStream.rangeClosed(1, (int) Math.floor(watched * 10 / age - 0.5))
          .mapToObj(i -> new Stretch((i - 0.5) * age / 10, (i + 0.5) * age / 10))
          .toList();
    }

    List<Stretch> all() {
      List<Stretch> all = new ArrayList<>(tenths());
      double soonest = begun.stream().mapToDouble(b -> b).min().orElseThrow();
      all.add(new Stretch(age / 20, Math.min(watched, 2 * shortest() + soonest)));
      return all;
    }

    int opened(Stretch s) {
      return (int) later.stream().filter(b -> b >= s.from() && b < s.to()).count();
    }

    double perS(double count) {
      return 1000 * count / repetitions / (age / 10);
    }

    /** Mean over connections of how many of their lives end in between. */
    private double mean(
        OfRenewals.Ages between, DoubleBinaryOperator from, DoubleBinaryOperator to) {
      double sum = 0;
      for (double b : begun) {
        for (int n = 1; n * between.least() <= to.applyAsDouble(b, 0); n++) {
          double until = to.applyAsDouble(b, n);
          double since = from.applyAsDouble(b, n);
          sum += until > since ? ended(between, n, until) - ended(between, n, since) : 0;
        }
      }
      return sum / begun.size();
    }

    double expected(OfRenewals.Ages between, Stretch s) {
      return mean(
          between, (b, n) -> s.from() - b - n * meanLag, (b, n) -> s.to() - b - n * meanLag);
    }

    double least(Stretch s) {
      return Math.min(
          1, mean(ages, (b, _) -> (s.from() - b) / 0.98, (b, n) -> (s.to() - b - n * lag) / 1.05));
    }

    double most(Stretch s) {
      return Math.min(
          1, mean(ages, (b, n) -> (s.from() - b - n * lag) / 1.05, (b, _) -> (s.to() - b) / 0.98));
    }

    /** Two-sided probability of so many in a stretch. */
    double p(Stretch s, int n) {
      double few = binomial(least(s)).cumulativeProbability(n);
      double many = binomial(most(s)).survivalProbability(n - 1);
      return Math.min(1, 2 * Math.min(few, many));
    }

    private BinomialDistribution binomial(double share) {
      return BinomialDistribution.of(begun.size(), Math.min(1, share));
    }

    double p() {
      List<Stretch> all = all();
      double least = all.stream().mapToDouble(s -> p(s, opened(s))).min().orElseThrow();
      return Math.min(1, all.size() * least);
    }

    double power(double level) {
      double middle = (ages.least() + ages.most()) / 2;
      OfRenewals.Ages other =
          ages.most() > ages.least()
              ? new OfRenewals.Ages(middle, middle, 0)
              : new OfRenewals.Ages(0.9 * age, 1.1 * age, 0);
      return all().stream()
          .mapToDouble(s -> found(s, binomial(expected(other, s)), level / all().size()))
          .max()
          .orElseThrow();
    }

    private double found(Stretch s, BinomialDistribution truth, double level) {
      BinomialDistribution least = binomial(least(s));
      BinomialDistribution most = binomial(most(s));
      double found = 0;
      for (int n = 0; n <= begun.size(); n++) {
        double tail = Math.min(least.cumulativeProbability(n), most.survivalProbability(n - 1));
        found += 2 * tail <= level ? truth.probability(n) : 0;
      }
      return found;
    }

    Stretch dense() {
      List<Stretch> tenths = tenths();
      double[] expected = tenths.stream().mapToDouble(s -> expected(ages, s)).toArray();
      double most = Arrays.stream(expected).max().orElseThrow();
      return tenths.get(
          IntStream.range(0, expected.length)
              .filter(i -> expected[i] > most * (1 - 1e-9))
              .findFirst()
              .orElseThrow());
    }
  }

  /** How likely n lives in a row have ended: a sum of even numbers, as splines recur. */
  private static double ended(OfRenewals.Ages ages, int n, double after) {
    if (ages.most() == ages.least()) {
      return after >= n * ages.least() ? 1 : 0;
    }
    double x = (after - n * ages.least()) / (ages.most() - ages.least());
    if (x <= 0 || x >= n) {
      return x <= 0 ? 0 : 1;
    }
    double[] now = new double[n + 2];
    now[(int) Math.floor(x)] = 1;
    for (int degree = 2; degree <= n + 1; degree++) {
      for (int j = 0; j <= n; j++) {
        now[j] = ((x - j) * now[j] + (degree - x + j) * now[j + 1]) / (degree - 1);
      }
    }
    return Arrays.stream(now).sum();
  }

  /** That of a cell; empty where theory says nothing. */
  private Optional<Herd> herd(Cell c) {
    String cure = c.is("cure");
    boolean known =
        cure.contains("max-age=")
            && !cure.contains("max-requests=")
            && !cure.matches(".*(round-robin|least-request|pick-first|least-connections).*")
            && !cure.contains("by=proxy-to-pods")
            && !(cure.contains("by=server")
                && (c.proxied() || c.is("protocol").equals("grpc-stream")))
            && !c.changes()
            && c.count("idle_ms") == 0
            && !c.shared()
            && c.is("opening").equals("at-once")
            && c.is("rate").matches("closed|\\d+")
            && !"poisson".equals(c.settings().get("arrivals"));
    if (!known || c.counted().isEmpty()) {
      return Optional.empty();
    }
    OfRenewals.Ages ages = OfRenewals.ages(c);
    boolean closed = c.is("rate").equals("closed");
    double gap = closed ? 0 : 1000.0 * c.count("connections_count") / c.count("rate");
    double uses = c.is("protocol").equals("http1") ? 2 : 1;
    double age = OfRenewals.set(c);
    int first = c.count("connections_count");
    List<Double> begun = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    double watched = 5 * (ages.least() + ages.most()) / 2;
    for (Map<String, String> s : c.counted()) {
      List<Double> born =
          c.rows("connections").stream()
              .filter(r -> r.get("repetition").equals(s.get("repetition")))
              .map(r -> number(r, "born_ms"))
              .sorted()
              .toList();
      if (born.size() < first
          || born.get(first - 1) - born.getFirst() >= 0.98 * ages.least() / 2
          || born.getFirst() + 0.98 * ages.least() <= 0) {
        return Optional.empty();
      }
      double start = born.stream().limit(first).mapToDouble(b -> b).average().orElseThrow();
      born.stream().limit(first).forEach(b -> begun.add(b - start));
      born.stream().skip(first).forEach(b -> later.add(b - start));
      watched = Math.min(watched, OfEvents.lengthMs(c) - start);
    }
    return Optional.of(
            new Herd(
                ages,
                age,
                uses * gap,
                (uses - 0.5) * gap,
                begun,
                later,
                c.counted().size(),
                watched))
        .filter(h -> ages.least() >= 0.2 * age)
        .filter(h -> h.watched() >= 1.05 * ages.most() + h.lag());
  }

  /** Cells that have one, of those in which a cure is weighed. */
  private List<Cell> herds() {
    return facts.measured(c -> OfCures.weighed(facts, c) && herd(c).isPresent());
  }

  void finding(String id, String text) {
    List<Cell> all = herds();
    Cell c = all.stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    Herd herd = herd(c).orElseThrow();
    Filled f =
        Phrase.read(
            "Of [n] connection[s] that began together ([*]), theory of that maximum age has most opened"
                + " anew [t] after the start, [n] a second; [n] a second were, and up to [n] in any tenth"
                + " of the age: [*].",
            text);
    f.is(0, herd.begun().size());
    assertThat(f.words(1)).isEqualTo(c.name());
    Stretch dense = herd.dense();
    f.spansTimes(2, List.of(1e6 * (dense.from() + dense.to()) / 2));
    f.is(3, herd.perS(herd.begun().size() * herd.expected(herd.ages(), dense)));
    f.is(4, herd.perS(herd.opened(dense)));
    f.is(5, herd.perS(herd.tenths().stream().mapToInt(herd::opened).max().orElseThrow()));
    boolean jitter = herd.ages().most() > herd.ages().least();
    new FitWords(herd.p(), herd.power(FitWords.level(all.size())), all.size())
        .are(
            f.words(6),
            "ages "
                + (jitter ? "without jitter" : "with the jitter of gRPC")
                + " would be found in [n] % of such runs at least");
  }

  /** Whether a heading says of every cell how dense its herd was; then it is this. */
  boolean hold(String text) {
    List<Cell> all = herds();
    if (all.isEmpty()
        || all.size() < facts.measured().size()
        || facts.summaries().stream().anyMatch(OfEvents::cutShort)) {
      return false;
    }
    int said = Math.min(LISTED, all.size());
    Filled f =
        Phrase.read(
            "Of connections that began together were opened anew, in the tenth of the age in which theory"
                + " has most: [*].",
            text);
    List<String> each = List.of(f.words(0).split("; ", -1));
    assertThat(each).as(text).hasSize(all.size() > LISTED ? LISTED + 1 : all.size());
    for (int i = 0; i < said; i++) {
      brief(all.get(i), all.size(), each.get(i));
    }
    return true;
  }

  private void brief(Cell c, int tests, String text) {
    Herd herd = herd(c).orElseThrow();
    Filled f = Phrase.read("[n] a second with [*], in theory [n] ([*])", text);
    f.is(0, herd.perS(herd.opened(herd.dense())));
    assertThat(f.words(1)).isEqualTo(new OfCures.Measured(c, 0, false).name());
    f.is(2, herd.perS(herd.begun().size() * herd.expected(herd.ages(), herd.dense())));
    double level = FitWords.level(tests);
    assertThat(f.words(3))
        .isEqualTo(
            herd.p() <= level
                ? "the herd differs"
                : herd.power(level) >= 0.8 ? "the herd agrees" : "too little to tell");
  }

  /** Whether a chart of one is called by its cell. */
  boolean drawn(String cure) {
    return herds().stream().map(OfCures::numbered).anyMatch(cure::equals);
  }

  /** Rows of herds.csv and cures.csv say this. */
  void areTheRows() {
    List<Cell> all = herds();
    assertThat(all).isNotEmpty();
    for (Cell c : all) {
      Herd herd = herd(c).orElseThrow();
      List<Map<String, String>> rows = c.rows("herds");
      List<Stretch> tenths = herd.tenths();
      assertThat(rows).hasSameSizeAs(tenths);
      for (int i = 0; i < rows.size(); i++) {
        Map<String, String> row = rows.get(i);
        Stretch s = tenths.get(i);
        is(row, "from_ms", s.from());
        is(row, "to_ms", s.to());
        is(row, "opened_count", herd.opened(s));
        is(row, "expected_count", herd.begun().size() * herd.expected(herd.ages(), s));
        is(row, "least_count", herd.begun().size() * herd.least(s));
        is(row, "most_count", herd.begun().size() * herd.most(s));
      }
      Map<String, String> row = c.rows("cures").getFirst();
      is(row, "together_count", herd.begun().size());
      is(row, "herd_p", herd.p());
      is(row, "herd_p_adjusted", Math.min(1, herd.p() * all.size()));
      is(row, "other_jitter_found_pct", 100 * herd.power(FitWords.level(all.size())));
    }
  }

  private static void is(Map<String, String> row, String column, double own) {
    assertThat(number(row, column)).as(column).isCloseTo(own, within(SAME * own + 1e-9));
  }
}
