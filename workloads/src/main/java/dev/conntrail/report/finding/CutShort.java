package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Mark;
import java.util.List;
import java.util.Optional;

/**
 * Repetitions that ended before an event of theirs was over: what it did is not known, so whatever
 * is said of events leaves them out, and says so.
 */
public final class CutShort {
  /** How many cells are named. */
  private static final int MOST = 12;

  private CutShort() {}

  /** Whether a cell has one. */
  public static boolean in(CellResults cell) {
    return cell.repetitions().stream().anyMatch(CutShort::is);
  }

  /** Which cells of a run have any; empty if none does. */
  public static Optional<Sentence> named(Analysis run) {
    return cells(run)
        .map(cells ->
            counted(
                    "In {repetitions} of {cells} an event was not over when the repetition ended, so"
                        + " that no row says what it did: {names}.",
                    cells)
                .withSome(
                    "names",
                    cells.stream().map(c -> Sentence.of("{cell}").with("cell", c)).toList(),
                    MOST));
  }

  /** Those of a run; empty if there is none. */
  private static Optional<List<CellResults>> cells(Analysis run) {
    return Optional.of(run.results().measured().stream().filter(CutShort::in).toList())
        .filter(cells -> !cells.isEmpty());
  }

  private static Sentence counted(String text, List<CellResults> cells) {
    return Sentence.of(text)
        .with("repetitions", repetitions(cells), "repetition")
        .with("cells", cells.size(), "cell");
  }

  /** Whether a repetition is one. */
  static boolean is(RepetitionResults r) {
    return r.summary().marked(Mark.EVENT_CUT_SHORT);
  }

  /** What is said of a run's events, if anything, with how much of it that leaves out. */
  static Optional<Sentence> with(Analysis run, Optional<Sentence> said) {
    return leftOut(run)
        .map(left ->
            said.map(s -> Sentence.of("{effect} {left-out}").with("effect", s))
                .orElseGet(() -> Sentence.of("What events did is not told. {left-out}"))
                .with("left-out", left))
        .or(() -> said);
  }

  private static Optional<Sentence> leftOut(Analysis run) {
    return cells(run)
        .map(cells ->
            counted(
                    "Left out: {repetitions} of {cells} that ended before an event was over{wholly}.",
                    cells)
                .with("wholly", wholly(cells)));
  }

  private static long repetitions(List<CellResults> cells) {
    return cells.stream()
        .mapToLong(c -> c.repetitions().stream().filter(CutShort::is).count())
        .sum();
  }

  private static Optional<Sentence> wholly(List<CellResults> cells) {
    return Sentence.ifAny(
        cells.stream().filter(c -> c.repetitions().stream().allMatch(CutShort::is)).count(),
        "; of {n} of these cells nothing is left");
  }
}
