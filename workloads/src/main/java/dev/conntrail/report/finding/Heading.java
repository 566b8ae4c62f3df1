package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The one sentence of a run, never more than its data shows: what is not as it should be; else what
 * long-lived connections lead to, and whether chance is enough to explain it.
 *
 * @param tone whether all is as it should be
 * @param text the sentence
 * @param alarm whether a cell is not what chance or its law gives
 */
record Heading(Tone tone, String text, boolean alarm) {
  /** That of a run. */
  static Heading of(Analysis run) {
    List<String> alarms = Alarms.of(run);
    if (!alarms.isEmpty()) {
      return new Heading(Tone.BAD, sentence(alarms), true);
    }
    if (run.results().measured().isEmpty()) {
      return new Heading(Tone.UNKNOWN, "Nothing was measured.", false);
    }
    boolean answered =
        run.results().measured().stream()
            .anyMatch(c -> c.sum(s -> s.requests().answeredCount()) > 0);
    List<String> blemishes = Blemishes.of(run);
    if (!answered) {
      return new Heading(
          blemishes.isEmpty() ? Tone.UNKNOWN : Tone.BAD,
          "No request of the measure phase had an answer.",
          false);
    }
    return blemishes.isEmpty()
        ? fine(run)
        : new Heading(
            Tone.BAD, sentence(List.of(counts(run), "but " + Numbers.list(blemishes))), false);
  }

  /** Nothing is wrong. */
  private static Heading fine(Analysis run) {
    boolean calm =
        Judged.of(run, Unit.CONNECTIONS).stream()
            .anyMatch(j -> j.behindService() && !j.cell().cell().provoking());
    if (calm) {
      return FewLongLived.of(run)
          .map(few -> ofFew(run, few))
          .orElseGet(() -> new Heading(tone(run), sentence(List.of(counts(run))), false));
    }
    return EffectHeading.of(run)
        .map(text -> new Heading(Tone.PLAIN, text, false))
        .orElseGet(() -> new Heading(tone(run), sentence(List.of(counts(run))), false));
  }

  private static Heading ofFew(Analysis run, FewLongLived few) {
    String left =
        Sentence.of("{connections} left {pods} idle")
            .with("connections", few.connections())
            .with("pods", few.pods())
            .text();
    if (!few.asChance()) {
      return new Heading(Tone.UNKNOWN, left + "; " + few.chance() + ".", false);
    }
    if (!told(run)) {
      return new Heading(
          Tone.UNKNOWN, "Too few connections to tell: " + left + ", as a fair draw may.", false);
    }
    boolean drawIsFair = few.cells().stream().allMatch(j -> consistent(run, j));
    return new Heading(
        Tone.GOOD,
        (drawIsFair ? "Chance, not a fault: " : "No fault found: ")
            + left
            + ", as a fair draw does.",
        false);
  }

  /**
   * Whether the same data plane was consistent with chance where connections were enough to tell.
   */
  private static boolean consistent(Analysis run, Judged few) {
    return Judged.drawn(run).stream()
        .anyMatch(j ->
            j.is(Verdict.CONSISTENT)
                && j.cell().testbed() == few.cell().testbed()
                && j.cell().cell().variant().equals(few.cell().cell().variant()));
  }

  private static boolean told(Analysis run) {
    return Judged.of(run, Unit.CONNECTIONS).stream()
        .anyMatch(j -> j.behindService() && (j.is(Verdict.CONSISTENT) || j.is(Verdict.BY_DESIGN)));
  }

  private static Tone tone(Analysis run) {
    return told(run) ? Tone.GOOD : Tone.UNKNOWN;
  }

  /** How many cells behind a Service have which verdict. */
  private static String counts(Analysis run) {
    List<Judged> behind =
        Judged.of(run, Unit.CONNECTIONS).stream().filter(Judged::behindService).toList();
    if (Controls.behindService(run).isEmpty()) {
      return "no cell goes through a Service, so no data plane is judged";
    }
    List<String> parts = new ArrayList<>();
    part(
        parts,
        behind,
        Verdict.CONSISTENT,
        "where connections landed is consistent with chance in ");
    part(parts, behind, Verdict.BY_DESIGN, "the law of the data plane was kept in ");
    part(parts, behind, Verdict.TOO_FEW, "connections were too few to tell in ");
    return parts.isEmpty()
        ? "no cell behind a Service can be judged by where its connections landed"
        : String.join("; ", parts);
  }

  private static void part(List<String> parts, List<Judged> all, Verdict verdict, String words) {
    long n = all.stream().filter(j -> j.is(verdict)).count();
    if (n > 0) {
      parts.add(words + Numbers.counted(n, "cell"));
    }
  }

  private static String sentence(List<String> parts) {
    String text = String.join("; ", parts) + ".";
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
