package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one sentence of a run, never more than its data shows: what is not as it should be; else what
 * long-lived connections lead to, and whether chance is enough to explain it.
 *
 * @param tone whether all is as it should be
 * @param text the sentence
 * @param figures of it, by the names of their places
 * @param alarm whether a cell is not what chance or its law gives
 */
record Heading(Tone tone, String text, Map<String, Figure> figures, boolean alarm) {
  private static Heading of(Tone tone, Sentence sentence) {
    return of(tone, sentence, false);
  }

  private static Heading of(Tone tone, Sentence sentence, boolean alarm) {
    String text = sentence.text();
    return new Heading(
        tone, Character.toUpperCase(text.charAt(0)) + text.substring(1), sentence.figures(), alarm);
  }

  /** That of a run; of one that was told to stop it says so first. */
  static Heading of(Analysis run) {
    Heading found = found(run);
    return run.results().manifest().status() == RunStatus.PARTIAL ? found.stopped(run) : found;
  }

  private Heading stopped(Analysis run) {
    MarkedRepetitions repetitions = MarkedRepetitions.of(run);
    return of(
        tone,
        Sentence.of("Stopped with results of {measured} of {asked}. {found}")
            .with("measured", repetitions.measured())
            .with("asked", repetitions.asked(), "repetition")
            .with("found", text, new Figure.Part(figures)),
        alarm);
  }

  private static Heading found(Analysis run) {
    List<Sentence> alarms = Alarms.of(run);
    if (!alarms.isEmpty()) {
      return of(Tone.BAD, Sentence.of("{alarms}.").withAll("alarms", alarms, "; "), true);
    }
    if (run.results().measured().isEmpty()) {
      return of(Tone.UNKNOWN, Sentence.of("Nothing was measured."));
    }
    boolean answered =
        run.results().measured().stream()
            .anyMatch(c -> c.sum(s -> s.requests().answeredCount()) > 0);
    List<Sentence> blemishes = Blemishes.of(run);
    if (!answered) {
      return of(
          blemishes.isEmpty() ? Tone.UNKNOWN : Tone.BAD,
          Sentence.of("No request of the measure phase had an answer."));
    }
    return blemishes.isEmpty() ? fine(run) : blemished(run, blemishes);
  }

  private static Heading blemished(Analysis run, List<Sentence> blemishes) {
    Optional<Sentence> effect =
        ofCures(run).or(() -> calm(run) ? Optional.empty() : EffectHeading.of(run));
    Sentence both =
        effect
            .map(e -> Sentence.of("{effect} But {blemishes}.").with("effect", e))
            .orElseGet(() -> Sentence.of("{counts}; but {blemishes}.").with("counts", counts(run)));
    return of(Tone.BAD, both.withList("blemishes", blemishes));
  }

  /** Whether a cell behind a Service is judged to which nothing is done. */
  private static boolean calm(Analysis run) {
    return Judged.of(run, Unit.CONNECTIONS).stream()
        .anyMatch(j -> j.behindService() && !j.cell().cell().provoking());
  }

  /**
   * What there is to say of every cell of a run; empty where there is nothing of one, or an event
   * was cut short, so that there is more to say.
   */
  static Optional<List<Sentence>> ofEvery(
      Analysis run, Function<CellResults, Optional<Sentence>> brief) {
    List<CellResults> cells = run.results().measured();
    List<Sentence> all = cells.stream().flatMap(c -> brief.apply(c).stream()).toList();
    return all.isEmpty() || all.size() < cells.size() || cells.stream().anyMatch(CutShort::in)
        ? Optional.empty()
        : Optional.of(all);
  }

  /** Of herds, of cures, and of pools that callers share, where the whole run is about them. */
  private static Optional<Sentence> ofCures(Analysis run) {
    return HerdFindings.heading(run)
        .or(() -> CureHeading.of(run))
        .or(() -> HuntFindings.heading(run));
  }

  /** Nothing is wrong. */
  private static Heading fine(Analysis run) {
    return ofCures(run).map(sentence -> of(Tone.PLAIN, sentence)).orElseGet(() -> unweighed(run));
  }

  private static Heading unweighed(Analysis run) {
    return (calm(run)
            ? FewLongLived.of(run).map(few -> ofFew(run, few))
            : EffectHeading.of(run).map(sentence -> of(Tone.PLAIN, sentence)))
        .orElseGet(() -> of(tone(run), Sentence.of("{counts}.").with("counts", counts(run))));
  }

  private static Heading ofFew(Analysis run, FewLongLived few) {
    Sentence left =
        Sentence.of("{connections} left {pods} idle")
            .with("connections", few.connections())
            .with("pods", few.pods());
    if (!few.asChance()) {
      return of(
          Tone.UNKNOWN,
          Sentence.of("{left}; {chance}.").with("left", left).with("chance", few.chance()));
    }
    if (!told(run)) {
      return of(
          Tone.UNKNOWN,
          Sentence.of("Too few connections to tell: {left}, as a fair draw may.")
              .with("left", left));
    }
    return of(Tone.GOOD, Sentence.of(claim(run, few)).with("left", left));
  }

  private static String claim(Analysis run, FewLongLived few) {
    if (few.cells().stream().allMatch(j -> j.is(Verdict.CONSISTENT))) {
      return "Chance, not a fault: {left}, as a fair draw does.";
    }
    return few.cells().stream().allMatch(j -> consistent(run, j))
        ? "Too few to tell by themselves: {left}, as a fair draw may; the same rules were consistent"
            + " with chance where there were enough connections."
        : "No fault found: {left}, as a fair draw may.";
  }

  /**
   * Whether the same data plane was consistent with chance where connections were enough to tell.
   */
  private static boolean consistent(Analysis run, Judged few) {
    return Judged.drawn(run).stream()
        .anyMatch(j ->
            j.is(Verdict.CONSISTENT)
                && j.drawnFromAll()
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
  private static Sentence counts(Analysis run) {
    List<Judged> behind =
        Judged.of(run, Unit.CONNECTIONS).stream().filter(Judged::behindService).toList();
    if (Controls.behindService(run).isEmpty()) {
      return Sentence.of("no cell goes through a Service, so no data plane is judged");
    }
    List<Sentence> parts = new ArrayList<>();
    part(
        parts,
        behind,
        Verdict.CONSISTENT,
        "chance",
        "where connections landed is consistent with chance in {chance}");
    part(parts, behind, Verdict.BY_DESIGN, "law", "the law of the data plane was kept in {law}");
    part(parts, behind, Verdict.TOO_FEW, "few", "connections were too few to tell in {few}");
    return parts.isEmpty()
        ? Sentence.of("no cell behind a Service can be judged by where its connections landed")
        : Sentence.of("{verdicts}").withAll("verdicts", parts, "; ");
  }

  private static void part(
      List<Sentence> parts, List<Judged> all, Verdict verdict, String place, String template) {
    long n = all.stream().filter(j -> j.is(verdict)).count();
    if (n > 0) {
      parts.add(Sentence.of(template).with(place, n, "cell"));
    }
  }
}
