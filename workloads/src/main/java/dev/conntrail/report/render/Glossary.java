package dev.conntrail.report.render;

import dev.conntrail.result.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words that are not plain English, each with a sentence ({@code glossary.json}); finds them in
 * heads and captions.
 */
public final class Glossary {
  /** Each counts as a letter of a word, so that "ipvs" is not found in "ipvs-rr". */
  private static final String NO_LETTER_BEFORE = "(?<![\\w.-])";

  private static final String NO_LETTER_AFTER = "(?![\\w-]|\\.\\d)";

  private final List<Term> terms;
  private final Map<String, Term> byWord = new HashMap<>();
  private final Pattern words;

  /**
   * A word with what it means.
   *
   * @param words spellings, the first being the one that is listed
   * @param meaning a sentence
   */
  public record Term(List<String> words, String meaning) {
    /** Where it is in the page. */
    public String id() {
      return "term-" + words.getFirst().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
  }

  /**
   * A part of a text.
   *
   * @param term what it means, where that is known
   */
  public record Part(String text, Optional<Term> term) {}

  private Glossary(List<Term> terms) {
    this.terms = terms;
    terms.forEach(t -> t.words().forEach(w -> byWord.put(w.toLowerCase(Locale.ROOT), t)));
    this.words =
        Pattern.compile(
            NO_LETTER_BEFORE
                + "("
                + byWord.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|"))
                + ")"
                + NO_LETTER_AFTER,
            Pattern.CASE_INSENSITIVE);
  }

  /** The one that comes with this program. */
  static Glossary read() throws IOException {
    return new Glossary(
        Arrays.stream(Json.parse(Templates.resource("glossary.json"), Term[].class))
            .sorted(Comparator.comparing((Term t) -> t.words().getFirst().toLowerCase(Locale.ROOT)))
            .toList());
  }

  /** All words, by the alphabet. */
  public List<Term> terms() {
    return terms;
  }

  /** A text in parts: each word is marked where it first stands. */
  public List<Part> marked(String text) {
    List<Part> parts = new ArrayList<>();
    Set<Term> seen = new HashSet<>();
    Matcher found = words.matcher(text);
    int at = 0;
    while (found.find()) {
      Term term = byWord.get(found.group().toLowerCase(Locale.ROOT));
      if (seen.add(term)) {
        parts.add(new Part(text.substring(at, found.start()), Optional.empty()));
        parts.add(new Part(found.group(), Optional.of(term)));
        at = found.end();
      }
    }
    parts.add(new Part(text.substring(at), Optional.empty()));
    return parts;
  }

  /** What a whole text means, where it is one word. */
  public Optional<Term> of(String text) {
    return Optional.ofNullable(byWord.get(text.toLowerCase(Locale.ROOT)));
  }
}
