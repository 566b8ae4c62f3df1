package dev.conntrail.report.finding;

import dev.conntrail.report.block.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence with named places, such as {@code {kept} of {open} connections}, which are filled by
 * name, each with a word or a figure.
 */
final class Sentence {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z-]+)}");

  private final String template;
  private final Map<String, String> values = new LinkedHashMap<>();

  private Sentence(String template) {
    this.template = template;
  }

  /** One whose places are still empty; line breaks are spaces. */
  static Sentence of(String template) {
    return new Sentence(template.strip().replaceAll("\\s+", " "));
  }

  /** Fills a place with words. */
  Sentence with(String place, String words) {
    values.put(place, words);
    return this;
  }

  /** Fills a place with a count. */
  Sentence with(String place, long count) {
    return with(place, Numbers.count(count));
  }

  /** Fills a place with a figure of three digits. */
  Sentence with(String place, double figure) {
    return with(place, Numbers.number(figure));
  }

  /** Fills a place with how far a figure spreads. */
  Sentence with(String place, Span span) {
    return with(place, span.text());
  }

  /**
   * The sentence.
   *
   * @throws IllegalStateException if a place is empty, or a word has no place
   */
  String text() {
    Map<String, String> left = new LinkedHashMap<>(values);
    String text =
        PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(word(place, left)));
    if (!left.isEmpty()) {
      throw new IllegalStateException("no place for " + left.keySet() + " in: " + template);
    }
    return text;
  }

  private String word(MatchResult place, Map<String, String> left) {
    String word = values.get(place.group(1));
    if (word == null) {
      throw new IllegalStateException("nothing for " + place.group() + " in: " + template);
    }
    left.remove(place.group(1));
    return word;
  }
}
