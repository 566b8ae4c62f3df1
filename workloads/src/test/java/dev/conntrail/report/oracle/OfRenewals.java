package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How soon a maximum age had connections opened anew, read from the ledger's text. */
final class OfRenewals {
  private static final double NS_PER_MS = 1e6;
  private static final double LONGER = 1.05;
  private static final double SHORTER = 0.95;
  private static final double STEP_MS = 0.05;
  private static final Pattern AGE = Pattern.compile("max-age=(\\d+)(ms|s)\\b");
  private static final Pattern PERCENT = Pattern.compile("percent=(\\d+)");

  /**
   * A connection that was open when pods had joined, milliseconds.
   *
   * @param age how old it was then
   * @param lasted how long from then on
   */
  private record Old(double age, double lasted) {}

  /**
   * Ages that connections may reach, milliseconds.
   *
   * @param least of the one that is set
   * @param most of it
   * @param gap between two requests of a connection
   */
  record Ages(double least, double most, double gap) {
    /**
     * How likely a connection of an age is opened anew within some more time, if ages are longer.
     */
    double by(double times, double lag, double age, double after) {
      double now = ended(times, age - lag);
      return now >= 1 ? 1 : (ended(times, age + after - lag) - now) / (1 - now);
    }

    private double ended(double times, double age) {
      if (most == least) {
        return age >= times * most ? 1 : 0;
      }
      double part = (age - times * least) / (times * (most - least));
      return Math.max(0, Math.min(1, part));
    }

    /** The first moment, by small steps, at which half are expected to have been. */
    private double half(List<Old> old, double times, double lag) {
      for (double last = 0; ; last += STEP_MS) {
        double at = last;
        if (mean(old, o -> by(times, lag, o.age(), at)) >= 0.5) {
          return at;
        }
      }
    }
  }

  private final Facts facts;

  OfRenewals(Facts facts) {
    this.facts = facts;
  }

  void finding(String id, String text) {
    Cell c = facts.measured().stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    List<Old> old = old(c);
    Ages ages = ages(c);
    Filled f =
        Phrase.read(
            "Of [n] connection[s] that were open when pods had joined ([*]), half were [*]; theory of"
                + " that maximum age has [t]: [*].",
            text);
    f.is(0, old.size());
    assertThat(f.words(1)).isEqualTo(c.name());
    double half = old.stream().mapToDouble(Old::lasted).sorted().toArray()[(old.size() - 1) / 2];
    if (Double.isInfinite(half)) {
      assertThat(f.words(2)).isEqualTo("not opened anew while the cell was watched");
    } else {
      Phrase.read("opened anew within [t]", f.words(2)).spansTimes(0, List.of(NS_PER_MS * half));
    }
    f.spansTimes(3, List.of(NS_PER_MS * ages.half(old, 1, ages.gap() / 2)));
    fit(f.words(4), old, ages);
  }

  /** Tests of this kind; one where the table that follows from the others is not written. */
  private int tests() {
    List<Map<String, String>> rows = facts.text().rows("cures");
    return rows == null
        ? 1
        : (int) rows.stream().filter(r -> !r.get("age_fit").equals("NA")).count();
  }

  private void fit(String words, List<Old> old, Ages ages) {
    int tests = tests();
    double at = ages.half(old, LONGER, ages.gap());
    double[] slow = numbers(old, o -> ages.by(LONGER, ages.gap(), o.age(), at));
    double[] soon = numbers(old, o -> ages.by(SHORTER, 0, o.age(), at));
    double[] twice = numbers(old, o -> ages.by(2, 0, o.age(), at));
    int anew = (int) old.stream().filter(o -> o.lasted() <= at).count();
    double p = p(slow, soon, anew);
    double power = 0;
    for (int n = 0; n < twice.length; n++) {
      power += p(slow, soon, n) <= FitWords.level(tests) ? twice[n] : 0;
    }
    new FitWords(p, power, tests)
        .are(words, "an age twice as long would be found in [n] % of such runs");
  }

  private static double p(double[] slow, double[] soon, int n) {
    double few = Arrays.stream(slow).limit(n + 1L).sum();
    double many = Arrays.stream(soon).skip(n).sum();
    return Math.min(1, 2 * Math.min(few, many));
  }

  /** How likely each number of them is, by all of one connection after the other. */
  private static double[] numbers(List<Old> old, ToDoubleFunction<Old> each) {
    double[] now = {1};
    for (Old o : old) {
      double p = each.applyAsDouble(o);
      double[] next = new double[now.length + 1];
      for (int n = 0; n < now.length; n++) {
        next[n] += now[n] * (1 - p);
        next[n + 1] += now[n] * p;
      }
      now = next;
    }
    return now;
  }

  private static double mean(List<Old> old, ToDoubleFunction<Old> each) {
    return old.stream().mapToDouble(each).average().orElseThrow();
  }

  private static List<Old> old(Cell c) {
    List<Old> old = new ArrayList<>();
    for (Map<String, String> s : c.counted()) {
      String repetition = s.get("repetition");
      double from =
          c.rows("events").stream()
              .filter(e -> e.get("repetition").equals(repetition))
              .filter(e -> e.get("step").equals("joined"))
              .mapToDouble(e -> number(e, "done_ms"))
              .max()
              .orElseThrow();
      double end = OfEvents.lengthMs(c);
      c.rows("connections").stream()
          .filter(r -> r.get("repetition").equals(repetition))
          .filter(r -> number(r, "born_ms") <= from && !(died(r) <= from))
          .forEach(r -> {
            double died = died(r);
            old.add(
                new Old(
                    from - number(r, "born_ms"),
                    died <= end ? died - from : Double.POSITIVE_INFINITY));
          });
    }
    return old;
  }

  /** Not a number where it had not ended. */
  private static double died(Map<String, String> connection) {
    return number(connection, "born_ms") + number(connection, "lived_ms");
  }

  /** The age that is set, milliseconds. */
  static double set(Cell c) {
    Matcher age = AGE.matcher(c.is("cure"));
    assertThat(age.find()).as(c.is("cure")).isTrue();
    return Double.parseDouble(age.group(1)) * (age.group(2).equals("s") ? 1000 : 1);
  }

  static Ages ages(Cell c) {
    String cure = c.is("cure");
    double set = set(c);
    Matcher percent = PERCENT.matcher(cure);
    double part = percent.find() ? Double.parseDouble(percent.group(1)) / 100 : 0.1;
    boolean late = !cure.contains("by=server") || c.is("protocol").equals("http1");
    double gap =
        late && !c.is("rate").equals("closed")
            ? 1000.0 * c.count("connections_count") / c.count("rate")
            : 0;
    boolean less = cure.contains("jitter=grpc") || cure.contains("jitter=reactor");
    boolean more = cure.contains("jitter=grpc") || cure.contains("jitter=envoy");
    return new Ages(set * (less ? 1 - part : 1), set * (more ? 1 + part : 1), gap);
  }
}
