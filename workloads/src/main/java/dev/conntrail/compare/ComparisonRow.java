package dev.conntrail.compare;

import dev.conntrail.result.Side;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * {@code compare.csv}: a row a pair of cells and what was compared of it.
 *
 * @param runA the run of A
 * @param runB the run of B
 * @param cellIdA the cell of A
 * @param cellIdB the cell of B
 * @param pair both, as a person would say it
 * @param measure a time or a count
 * @param controlled whether times are over those of a control
 * @param repetitionsACount that were compared
 * @param repetitionsBCount that were compared
 * @param a median, nanoseconds; of counts the share of what is counted; not a number for pods
 * @param b the same of B
 * @param ratio of B to A; not a number for counts
 * @param ratioLow lower end of its interval, 95 %
 * @param ratioHigh upper end
 * @param p of no difference, the smaller of several tests; not a number where none was had
 * @param pAdjusted the same, corrected by Holm
 * @param method how p was had
 * @param verdict in a word
 * @param found what would have been found: a ratio in 8 of 10, or a share in B in 9 of 10
 * @param neededRepetitionsCount a side, that would find the margin
 */
public record ComparisonRow(
    String runA,
    String runB,
    CellId cellIdA,
    CellId cellIdB,
    String pair,
    String measure,
    boolean controlled,
    int repetitionsACount,
    int repetitionsBCount,
    double a,
    double b,
    double ratio,
    double ratioLow,
    double ratioHigh,
    double p,
    double pAdjusted,
    Optional<String> method,
    String verdict,
    double found,
    Optional<Integer> neededRepetitionsCount) {

  /** Those of a comparison, errors and other counts first. */
  public static List<ComparisonRow> of(Comparison c) {
    return Stream.concat(
            c.counts().stream().map(n -> count(c, n)), c.times().stream().map(t -> time(c, t)))
        .toList();
  }

  private static ComparisonRow time(Comparison c, TimeComparison t) {
    return new ComparisonRow(
        c.a().manifest().run(),
        c.b().manifest().run(),
        t.pair().a().id(),
        t.pair().b().id(),
        t.pair().title(),
        t.timed().word(),
        t.controlled(),
        t.a().repetitions(),
        t.b().repetitions(),
        t.a().ns(),
        t.b().ns(),
        t.ratio(),
        t.interval().knownLow(),
        t.interval().knownHigh(),
        t.p(),
        t.adjustedP(),
        Double.isNaN(t.p()) ? Optional.empty() : Optional.of("exact rank test, widened"),
        t.change().word(),
        Double.isInfinite(t.detectable()) ? Double.NaN : t.detectable(),
        boxed(t.needed()));
  }

  private static Optional<Integer> boxed(OptionalInt n) {
    return n.isPresent() ? Optional.of(n.getAsInt()) : Optional.empty();
  }

  private static ComparisonRow count(Comparison c, CountComparison n) {
    boolean pods = n.counted() == Counted.POD_SHARES;
    Optional<CountComparison.Test> test = n.strongest();
    return new ComparisonRow(
        c.a().manifest().run(),
        c.b().manifest().run(),
        n.pair().a().id(),
        n.pair().b().id(),
        n.pair().title(),
        n.counted().word(),
        false,
        n.repetitionsA(),
        n.repetitionsB(),
        pods ? Double.NaN : n.share(Side.A),
        pods ? Double.NaN : n.share(Side.B),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        test.map(CountComparison.Test::p).orElse(Double.NaN),
        test.map(CountComparison.Test::adjustedP).orElse(Double.NaN),
        test.map(CountComparison.Test::method),
        n.change().word(),
        n.found(),
        Optional.empty());
  }
}
