package dev.conntrail.report.finding;

import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence with named places, such as {@code {kept} of {open} connections}, which are filled by
 * name, each with a word, a figure, or other sentences. Its figures are kept by the names of their
 * places, so that who does not read can check them.
 */
public final class Sentence {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z-]+)}");

  private final String template;
  private final Map<String, String> words = new LinkedHashMap<>();
  private final Map<String, Figure> figures = new LinkedHashMap<>();

  private Sentence(String template) {
    this.template = template;
  }

  /** One whose places are still empty; line breaks are spaces. */
  public static Sentence of(String template) {
    return new Sentence(template.strip().replaceAll("\\s+", " "));
  }

  /** A part of a sentence that is there if a count, its place {@code n}, is not 0. */
  public static Optional<Sentence> ifAny(long n, String template) {
    return n == 0 ? Optional.empty() : Optional.of(of(template).with("n", n));
  }

  /** Fills a place with words. */
  public Sentence with(String place, String filled) {
    words.put(place, filled);
    return this;
  }

  /** Fills a place with words that have figures. */
  Sentence with(String place, String filled, Figure figure) {
    figures.put(place, figure);
    return with(place, filled);
  }

  private Sentence with(String place, String filled, double value) {
    return with(place, filled, new Figure.Value(value));
  }

  private Sentence with(String place, String filled, Span span) {
    return with(place, filled, new Figure.Range(span.low(), span.high()));
  }

  /** Fills a place with a count. */
  public Sentence with(String place, long count) {
    return with(place, Numbers.count(count), (double) count);
  }

  /** Fills a place with a count and its noun. */
  public Sentence with(String place, long count, String noun) {
    return with(place, Numbers.counted(count, noun), (double) count);
  }

  /** Fills a place with a count, or with "none". */
  public Sentence withAny(String place, long count) {
    return with(place, count == 0 ? "none" : Numbers.count(count), (double) count);
  }

  /** Fills a place with a figure of three digits. */
  public Sentence with(String place, double figure) {
    return with(place, Numbers.number(figure), figure);
  }

  /** Fills a place with how far a figure spreads. */
  public Sentence with(String place, Span span) {
    return with(place, span.text(), span);
  }

  /** Fills a place with how far a figure spreads, and its noun. */
  public Sentence with(String place, Span span, String noun) {
    return with(place, span.counted(noun), span);
  }

  /** Fills a place with a time, nanoseconds. */
  public Sentence withTime(String place, double ns) {
    return with(place, Numbers.time(ns), ns);
  }

  /** Fills a place with how far a time spreads, nanoseconds. */
  public Sentence withTime(String place, Span ns) {
    return with(place, ns.time(), ns);
  }

  /** Fills a place with how far a time spreads, milliseconds. */
  public Sentence withMillis(String place, Span ms) {
    return with(place, ms.millis(), ms);
  }

  /** Fills a place with what a test gave. */
  public Sentence withTest(String place, double p) {
    return with(place, Numbers.test(p), p);
  }

  /** Fills a place with a cell, as lists name it. */
  public Sentence with(String place, CellResults cell) {
    return with(place, cell, Controls.name(cell));
  }

  /** Fills a place with a cell, under another name. */
  public Sentence with(String place, CellResults cell, String name) {
    return with(place, name, new Figure.Name(cell.id().word()));
  }

  /** Fills a place with a word that is looked at as a figure is. */
  public Sentence withName(String place, String name) {
    return with(place, name, new Figure.Name(name));
  }

  /** Fills a place with a part of the sentence. */
  public Sentence with(String place, Sentence part) {
    return with(place, part.text(), part.part());
  }

  /** Fills a place with a part of the sentence, if there is one. */
  public Sentence with(String place, Optional<Sentence> part) {
    return part.map(p -> with(place, p)).orElseGet(() -> with(place, ""));
  }

  /** The same with what stands before the part. */
  public Sentence with(String place, String before, Optional<Sentence> part) {
    return part.map(p -> with(place, before + p.text(), p.part())).orElseGet(() -> with(place, ""));
  }

  /** Fills a place with parts: {@code a, b and c}. */
  public Sentence withList(String place, List<Sentence> parts) {
    return with(place, Numbers.list(texts(parts)), parts(parts));
  }

  /** Fills a place with the first of many parts that have commas: {@code a; b; and 3 more}. */
  public Sentence withSome(String place, List<Sentence> parts, int most) {
    return with(place, Numbers.some(texts(parts), most), parts(parts));
  }

  /** Fills a place with all of some parts, which stand on both sides of a sign. */
  public Sentence withAll(String place, List<Sentence> parts, String sign) {
    return with(place, String.join(sign, texts(parts)), parts(parts));
  }

  private static List<String> texts(List<Sentence> parts) {
    return parts.stream().map(Sentence::text).toList();
  }

  private static Figure parts(List<Sentence> parts) {
    return new Figure.Parts(parts.stream().map(Sentence::part).toList());
  }

  private Figure.Part part() {
    return new Figure.Part(figures());
  }

  /** Its figures by the names of their places; sentences within it have their own. */
  public Map<String, Figure> figures() {
    return Collections.unmodifiableMap(figures);
  }

  /**
   * The sentence.
   *
   * @throws IllegalStateException if a place is empty, or a word has no place
   */
  public String text() {
    Map<String, String> left = new LinkedHashMap<>(words);
    String text =
        PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(word(place, left)));
    if (!left.isEmpty()) {
      throw new IllegalStateException("no place for " + left.keySet() + " in: " + template);
    }
    return text;
  }

  private String word(MatchResult place, Map<String, String> left) {
    String word = words.get(place.group(1));
    if (word == null) {
      throw new IllegalStateException("nothing for " + place.group() + " in: " + template);
    }
    left.remove(place.group(1));
    return word;
  }
}
