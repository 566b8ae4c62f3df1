package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form of sentence. {@code [n]} stands for a figure, {@code [r]} for one or two, {@code [t]} for
 * one or two times, {@code [*]} for words, {@code [s]} for the s of a plural.
 */
final class Phrase {
  private static final String FIGURE = "<?-?[\\d,]+(?:\\.\\d+)?";
  private static final Map<String, String> PLACES =
      Map.of(
          "[n]", "(" + FIGURE + ")",
          "[r]", "(" + FIGURE + "(?: to " + FIGURE + ")?)",
          "[t]", "(" + FIGURE + "(?: (?:µs|ms|s))?(?: to " + FIGURE + ")? (?:µs|ms|s))",
          "[*]", "(.*?)",
          "[s]", "(?:s|es)?");

  private final Pattern pattern;

  private Phrase(Pattern pattern) {
    this.pattern = pattern;
  }

  static Phrase of(String words) {
    Matcher places = Pattern.compile("\\[[nrt*s]]").matcher(words);
    StringBuilder regex = new StringBuilder();
    int from = 0;
    while (places.find()) {
      regex.append(Pattern.quote(words.substring(from, places.start())));
      regex.append(PLACES.get(places.group()));
      from = places.end();
    }
    return new Phrase(
        Pattern.compile(regex.append(Pattern.quote(words.substring(from))).toString()));
  }

  /** What fills its places, if a text has the form. */
  Optional<Filled> in(String text) {
    Matcher m = pattern.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    List<String> groups = new ArrayList<>();
    for (int i = 1; i <= m.groupCount(); i++) {
      groups.add(m.group(i));
    }
    return Optional.of(new Filled(text, groups));
  }

  /** The same; a failure if it has not. */
  static Filled read(String words, String text) {
    return of(words)
        .in(text)
        .orElseThrow(() -> new AssertionError("not of the form '" + words + "': " + text));
  }

  /** What fills the places of a sentence. */
  record Filled(String text, List<String> places) {
    private static final double ROUNDED = 0.0051;
    private static final double LEAST = 0.0001;

    String words(int place) {
      return places.get(place);
    }

    /** A figure is what it should be, to three digits. */
    void is(int place, double expected) {
      same(places.get(place), expected);
    }

    /** A pair of figures is the least and the most of some. */
    void spans(int place, List<Double> figures) {
      List<Double> finite = figures.stream().filter(Double::isFinite).toList();
      assertThat(finite).as(text).isNotEmpty();
      String[] ends = places.get(place).split(" to ", -1);
      same(ends[0], finite.stream().min(Double::compare).orElseThrow());
      same(ends[ends.length - 1], finite.stream().max(Double::compare).orElseThrow());
    }

    /** The same of times, in nanoseconds. */
    void spansTimes(int place, List<Double> ns) {
      String[] ends = places.get(place).split(" to ", -1);
      String last = ends[ends.length - 1];
      String unit = last.substring(last.lastIndexOf(' ') + 1);
      time(
          ends[0].contains(" ") ? ends[0] : ends[0] + " " + unit,
          ns.stream().min(Double::compare).orElseThrow());
      time(last, ns.stream().max(Double::compare).orElseThrow());
    }

    private void time(String words, double ns) {
      String[] parts = words.split(" ", -1);
      double unit =
          switch (parts[1]) {
            case "µs" -> 1e3;
            case "ms" -> 1e6;
            default -> 1e9;
          };
      same(parts[0], ns / unit);
    }

    private void same(String said, double expected) {
      if (said.startsWith("<")) {
        assertThat(expected).as(text).isLessThan(LEAST);
      } else {
        double figure = Double.parseDouble(said.replace(",", ""));
        assertThat(Math.abs(figure - expected))
            .as("%s where the tables give %s: %s", said, expected, text)
            .isLessThanOrEqualTo(ROUNDED * Math.abs(expected) + 1e-9);
      }
    }
  }
}
