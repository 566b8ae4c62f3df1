package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.report.finding.Sentence;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is said of times that have a verdict, of two runs or of both sides of an ab.
 *
 * @param b what the second side is called
 * @param declared times that a verdict was declared for
 * @param margin the ratio that matters
 */
record TimeSentences(String b, List<ForestRow> declared, double margin) {
  private static final int NAMED = 3;

  /** Adds a part for each verdict that there is, the worst first. */
  void addTo(List<Sentence> parts) {
    named(" is slower beyond the margin of {margin} in {cells}", ForestRow::beyond, parts);
    named(
        " is slower, but perhaps by less than {margin}, in {cells}",
        r -> r.change() == Change.SLOWER && !r.beyond(),
        parts);
    named(" is faster in {cells}", r -> r.change() == Change.FASTER, parts);
    counted("no change beyond {margin} in {n} of {all} times", Change.NO_CHANGE, parts);
    counted("{n} of {all} times cannot be told", Change.CANNOT_TELL, parts);
    counted(
        "no verdict on {n} of {all} times, for the noise between runs is unknown",
        Change.NOISE_UNKNOWN,
        parts);
  }

  private void named(String template, Predicate<ForestRow> which, List<Sentence> parts) {
    List<ForestRow> rows = declared.stream().filter(which).toList();
    if (!rows.isEmpty()) {
      parts.add(withMargin(Sentence.of(b + template), template).withSome("cells", of(rows), NAMED));
    }
  }

  private void counted(String template, Change change, List<Sentence> parts) {
    long n = declared.stream().filter(r -> r.change() == change).count();
    Sentence.ifAny(n, template)
        .map(s -> withMargin(s, template).with("all", (long) declared.size()))
        .ifPresent(parts::add);
  }

  private Sentence withMargin(Sentence sentence, String template) {
    return template.contains("{margin}") ? sentence.with("margin", margin) : sentence;
  }

  /** Each with its time and its ratio. */
  static List<Sentence> of(List<ForestRow> rows) {
    return rows.stream()
        .map(r ->
            Sentence.of("{title} ({time} {ratio})")
                .with("title", r.title())
                .with("time", r.timed().word())
                .with("ratio", r.ratioText()))
        .toList();
  }
}
