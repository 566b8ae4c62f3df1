package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.counted;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run answers, in a few lines: for the heading of its page, and for the terminal.
 *
 * @param tone whether all is as it should be
 * @param verdict one sentence: the heading
 * @param worst the cell whose busiest pod got most
 * @param idle pods without a connection, against what chance leaves
 * @param marks what makes repetitions doubtful
 * @param alarm whether a cell is not what chance or its law gives
 */
public record Answer(
    Tone tone, String verdict, String worst, String idle, String marks, boolean alarm) {

  /** That of a run. */
  public static Answer of(Analysis run) {
    List<VerdictRow> behind =
        Controls.behindService(run).stream()
            .map(c -> run.verdict(c, Unit.CONNECTIONS))
            .flatMap(Optional::stream)
            .toList();
    boolean alarm = run.verdicts().stream().anyMatch(VerdictRow::alarm) || matrixAlarm(run);
    return new Answer(
        alarm ? Tone.BAD : told(behind) ? Tone.GOOD : Tone.UNKNOWN,
        verdict(run, behind),
        worst(run),
        idle(run),
        marks(run),
        alarm);
  }

  private static boolean matrixAlarm(Analysis run) {
    return run.matrices().stream()
        .anyMatch(m -> m.pAdjusted() <= dev.conntrail.analysis.Verdicts.FAMILY_ERROR);
  }

  private static boolean told(List<VerdictRow> rows) {
    return rows.stream()
        .anyMatch(v -> v.verdict() == Verdict.CONSISTENT || v.verdict() == Verdict.BY_DESIGN);
  }

  private static String verdict(Analysis run, List<VerdictRow> behind) {
    if (behind.isEmpty()) {
      return run.results().measured().isEmpty()
          ? "Nothing was measured."
          : "No cell of this run goes through a Service, so there is nothing to judge.";
    }
    List<VerdictRow> bad = behind.stream().filter(VerdictRow::alarm).toList();
    if (!bad.isEmpty()) {
      return "Not chance: in "
          + bad.size()
          + " of "
          + counted((long) behind.size(), "cell")
          + " behind a Service, connections did not land as a fair draw, or the law of the data"
          + " plane, lets them.";
    }
    if (matrixAlarm(run)) {
      return "Not chance: nodes do not draw from all pods alike.";
    }
    return parts(behind);
  }

  /** What can be said where nothing is wrong, by verdict. */
  private static String parts(List<VerdictRow> behind) {
    Map<Verdict, Long> kinds = new EnumMap<>(Verdict.class);
    behind.forEach(v -> kinds.merge(v.verdict(), 1L, Long::sum));
    List<String> parts = new ArrayList<>();
    Optional.ofNullable(kinds.get(Verdict.CONSISTENT))
        .ifPresent(
            n -> parts.add("chance explains where connections landed in " + counted(n, "cell")));
    Optional.ofNullable(kinds.get(Verdict.BY_DESIGN))
        .ifPresent(n -> parts.add("the law of the data plane was kept in " + counted(n, "cell")));
    Optional.ofNullable(kinds.get(Verdict.TOO_FEW))
        .ifPresent(n -> parts.add(counted(n, "cell") + " had too few connections to tell"));
    if (parts.isEmpty()) {
      return "No cell of this run can be judged by where its connections landed.";
    }
    String sentence = String.join("; ", parts) + ".";
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** The judged cell whose busiest pod got the largest share of requests, against the mean. */
  private static String worst(Analysis run) {
    return Controls.behindService(run).stream()
        .filter(c -> run.verdict(c, Unit.REQUESTS).isPresent())
        .max(Comparator.comparingDouble(c -> busiest(run, c)))
        .map(c ->
            "busiest pod "
                + number(busiest(run, c))
                + " times the mean of requests: "
                + c.title()
                + " (#"
                + c.number()
                + ")")
        .orElse("no cell behind a Service");
  }

  private static double busiest(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.REQUESTS).map(VerdictRow::maxOverMean).orElse(Double.NaN);
  }

  private static String idle(Analysis run) {
    return Controls.fewLongLived(run)
        .flatMap(c ->
            run.verdict(c, Unit.CONNECTIONS)
                .map(v ->
                    number(v.idle().meanCount())
                        + " of "
                        + v.podsCount()
                        + " pods idle with "
                        + c.cell().connections()
                        + " long-lived connections; chance leaves "
                        + number(v.idle().expectedCount())
                        + " ("
                        + number(v.idle().lowCount())
                        + " to "
                        + number(v.idle().highCount())
                        + ")"))
        .orElse("no long-lived connections through a Service");
  }

  private static String marks(Analysis run) {
    List<RepetitionResults> all =
        run.results().measured().stream().flatMap(c -> c.repetitions().stream()).toList();
    Map<Mark, Long> kinds = new EnumMap<>(Mark.class);
    all.forEach(r -> r.summary().marks().forEach(m -> kinds.merge(m, 1L, Long::sum)));
    long marked = all.stream().filter(r -> !r.summary().marks().isEmpty()).count();
    return marked == 0
        ? "none of " + counted((long) all.size(), "repetition")
        : marked
            + " of "
            + counted((long) all.size(), "repetition")
            + ": "
            + kinds.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().word())
                .collect(Collectors.joining(", "));
  }
}
