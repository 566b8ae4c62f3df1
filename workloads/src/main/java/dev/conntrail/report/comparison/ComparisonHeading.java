package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
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
    List<ForestRow> declared =
        c.times().stream()
            .filter(t -> t.timed().primary())
            .map(t -> ForestRow.of(t, c.margin()))
            .toList();
    new TimeSentences("B", declared, c.margin()).addTo(parts);
  }

  /** Cells that were there before, where the runs were to be alike. */
  private static void vanished(String template, long n, Comparison c, List<Sentence> parts) {
    if (n > 0 && c.comparable()) {
      parts.add(Sentence.of(template).with("n", n, "cell"));
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
