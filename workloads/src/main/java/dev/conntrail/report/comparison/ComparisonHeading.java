package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.compare.TimeComparison;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one sentence of a comparison, made from its verdicts.
 *
 * @param tone whether all is as it should be
 * @param text the sentence
 */
public record ComparisonHeading(Tone tone, String text) {
  private static final int NAMED = 3;

  /** That of a comparison. */
  public static ComparisonHeading of(Comparison c) {
    if (c.cells().pairs().isEmpty()) {
      return new ComparisonHeading(
          Tone.UNKNOWN, "Nothing to compare: the two have no cell with results in common.");
    }
    List<Sentence> parts = new ArrayList<>();
    if (!c.comparable()) {
      parts.add(
          Sentence.of("times are not comparable ({what} differ)")
              .with(
                  "what",
                  Numbers.list(
                      c.comparability().obstacles().stream().map(o -> o.what()).toList())));
    }
    times(c, parts);
    counts(c, parts);
    vanished("{n} of A has no results in B", c.cells().onlyA().size(), c, parts);
    if (parts.isEmpty()) {
      return new ComparisonHeading(
          Tone.UNKNOWN, "Nothing to compare: no cell of both has times or counts.");
    }
    String text = String.join("; ", parts.stream().map(Sentence::text).toList()) + ".";
    return new ComparisonHeading(
        tone(c), Character.toUpperCase(text.charAt(0)) + text.substring(1));
  }

  /** The same in a word or two: the worst of what was found. */
  public static String brief(Comparison c) {
    String counts = c.counts(CountChange.DIFFERS).isEmpty() ? "" : "; counts differ";
    return timesBriefly(c) + counts;
  }

  private static String timesBriefly(Comparison c) {
    if (c.cells().pairs().isEmpty()) {
      return "nothing in common";
    }
    if (!c.comparable()) {
      return "not comparable";
    }
    if (c.times().stream().noneMatch(t -> t.timed().primary())) {
      return "no times";
    }
    if (!c.slowerBeyond().isEmpty()) {
      return "slower beyond the margin";
    }
    for (Change change : List.of(Change.SLOWER, Change.FASTER)) {
      if (!c.times(change).isEmpty()) {
        return change.word();
      }
    }
    if (!c.times(Change.NOISE_UNKNOWN).isEmpty()) {
      return "no verdict on times";
    }
    return c.times(Change.CANNOT_TELL).isEmpty() ? "no change" : "cannot tell";
  }

  private static Tone tone(Comparison c) {
    if (!c.times(Change.SLOWER).isEmpty() || !c.counts(CountChange.DIFFERS).isEmpty()) {
      return Tone.BAD;
    }
    boolean told =
        c.whole()
            && c.comparable()
            && c.times(Change.CANNOT_TELL).isEmpty()
            && c.times(Change.NOISE_UNKNOWN).isEmpty();
    return told ? Tone.GOOD : Tone.UNKNOWN;
  }

  private static void times(Comparison c, List<Sentence> parts) {
    List<TimeComparison> beyond = c.slowerBeyond();
    List<TimeComparison> slower =
        c.times(Change.SLOWER).stream().filter(t -> !beyond.contains(t)).toList();
    named("B is slower beyond the margin of {margin} in {cells}", beyond, c, parts);
    named("B is slower, but perhaps by less than {margin}, in {cells}", slower, c, parts);
    named("B is faster in {cells}", c.times(Change.FASTER), c, parts);
    long declared = c.times().stream().filter(t -> t.timed().primary()).count();
    counted(
        "no change beyond {margin} in {n} of {all} times", Change.NO_CHANGE, declared, c, parts);
    counted("{n} of {all} times cannot be told", Change.CANNOT_TELL, declared, c, parts);
    counted(
        "no verdict on {n} of {all} times, for the noise between runs is unknown",
        Change.NOISE_UNKNOWN,
        declared,
        c,
        parts);
  }

  /** Cells that were there before, where the runs were to be alike. */
  private static void vanished(String template, long n, Comparison c, List<Sentence> parts) {
    if (n > 0 && c.comparable()) {
      parts.add(Sentence.of(template).with("n", n, "cell"));
    }
  }

  private static void named(
      String template, List<TimeComparison> times, Comparison c, List<Sentence> parts) {
    if (!times.isEmpty()) {
      Sentence s =
          Sentence.of(template)
              .withSome(
                  "cells",
                  times.stream()
                      .map(t ->
                          Sentence.of("{title} ({time} {ratio})")
                              .with("title", t.pair().title())
                              .with("time", t.timed().word())
                              .with("ratio", ForestRow.of(t, c.margin()).ratioText()))
                      .toList(),
                  NAMED);
      parts.add(template.contains("{margin}") ? s.with("margin", c.margin()) : s);
    }
  }

  private static void counted(
      String template, Change change, long all, Comparison c, List<Sentence> parts) {
    long n = c.times(change).size();
    if (n > 0) {
      Sentence s = Sentence.of(template).with("n", n).with("all", all);
      parts.add(template.contains("{margin}") ? s.with("margin", c.margin()) : s);
    }
  }

  private static void counts(Comparison c, List<Sentence> parts) {
    List<CountComparison> differs = c.counts(CountChange.DIFFERS);
    if (!differs.isEmpty()) {
      parts.add(Sentence.of("counts differ: {cells}").withSome("cells", named(differs), NAMED));
      return;
    }
    long told =
        Stream.of(CountChange.NO_DIFFERENCE, CountChange.ALIKE)
            .mapToLong(change -> c.counts(change).size())
            .sum();
    if (!c.counts().isEmpty()) {
      parts.add(
          Sentence.of("no count was found to differ; {told} of {all} could be told")
              .with("told", told)
              .with("all", (long) c.counts().size()));
    }
  }

  /** Counts that differ, with what the test gave. */
  static List<Sentence> named(List<CountComparison> differs) {
    return differs.stream()
        .map(d ->
            Sentence.of("{what} of {title}, {p}")
                .with("what", d.counted().title())
                .with("title", d.pair().title())
                .withTest("p", d.strongest().orElseThrow().adjustedP()))
        .toList();
  }
}
