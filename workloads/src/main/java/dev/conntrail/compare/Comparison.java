package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.SummaryRow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two runs, or cells of one, compared.
 *
 * @param a one
 * @param b the other; the same where cells of one run are compared
 * @param by the axis by which cells of one run differ
 * @param cells which are compared
 * @param comparability what differs between the runs
 * @param margin the ratio that matters
 * @param times a row a pair and time
 * @param counts a row a pair and what was counted
 * @param setAside repetitions that were not compared
 * @param aaRuns identical runs of this machine that are stored
 */
public record Comparison(
    RunResults a,
    RunResults b,
    Optional<By> by,
    CellPairs cells,
    Comparability comparability,
    double margin,
    List<TimeComparison> times,
    List<CountComparison> counts,
    List<SetAside> setAside,
    int aaRuns) {
  /** The ratio that matters unless another is named. */
  public static final double MARGIN = 1.25;

  /** Two runs. */
  public static Comparison of(RunResults a, RunResults b, AaStore aa, double margin) {
    Comparability comparability = Comparability.of(a, b);
    boolean comparable = comparability.obstacles().isEmpty();
    Times times =
        new Times((timed, controlled) -> aa.noise(b, timed, controlled), comparable, margin);
    return of(a, b, Optional.empty(), CellPairs.of(a, b), comparability, times, aa.size());
  }

  /** Cells of one run that differ by an axis: between them nothing of a run moves. */
  public static Comparison of(RunResults run, By by, double margin) {
    Times times = new Times((_, _) -> Optional.of(Noise.NONE), true, margin);
    return of(run, run, Optional.of(by), CellPairs.of(run, by), Comparability.SAME, times, 0);
  }

  private static Comparison of(
      RunResults a,
      RunResults b,
      Optional<By> by,
      CellPairs cells,
      Comparability comparability,
      Times times,
      int aaRuns) {
    Counts counts = new Counts(Ledgers.of(a, b), Counted.alike(a.manifest(), b.manifest()));
    return new Comparison(
        a,
        b,
        by,
        cells,
        comparability,
        times.margin(),
        times.of(cells.pairs()),
        counts.of(cells.pairs()),
        setAside(cells),
        aaRuns);
  }

  private static List<SetAside> setAside(CellPairs cells) {
    return Arrays.stream(Side.values())
        .flatMap(side ->
            cells.pairs().stream()
                .map(p -> p.cell(side))
                .distinct()
                .flatMap(cell -> marked(side, cell)))
        .toList();
  }

  private static Stream<SetAside> marked(Side side, CellResults cell) {
    return cell.repetitions().stream()
        .map(RepetitionResults::summary)
        .filter(s -> !SetAside.timesKept(s))
        .map((SummaryRow s) -> new SetAside(side, cell, s.at().repetition(), s.marks()));
  }

  /** Whether the runs are alike in all that matters. */
  public boolean comparable() {
    return comparability.obstacles().isEmpty();
  }

  /** Whether every cell of A has one in B, and there are times of each. */
  public boolean whole() {
    return cells.onlyA().isEmpty() && times.stream().anyMatch(t -> t.timed().primary());
  }

  /** Whether a verdict on any time is wanting. */
  public boolean untold() {
    return !whole()
        || times.stream()
            .map(TimeComparison::change)
            .anyMatch(c ->
                c == Change.CANNOT_TELL || c == Change.NOISE_UNKNOWN || c == Change.NOT_COMPARABLE);
  }

  /** Times whose verdict is this. */
  public List<TimeComparison> times(Change change) {
    return times.stream().filter(t -> t.change() == change).toList();
  }

  /** Counts whose verdict is this. */
  public List<CountComparison> counts(CountChange change) {
    return counts.stream().filter(c -> c.change() == change).toList();
  }

  /** Times of B that are longer by more than the margin. */
  public List<TimeComparison> slowerBeyond() {
    return times.stream().filter(t -> t.slowerBeyond(margin)).toList();
  }
}
