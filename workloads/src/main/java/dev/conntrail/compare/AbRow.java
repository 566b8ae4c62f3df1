package dev.conntrail.compare;

import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Optional;

/**
 * {@code ab.csv}: a row a pair of cells and time.
 *
 * @param run its name
 * @param cellIdA the cell of side a
 * @param cellIdB the cell of side b
 * @param control whether it is a negative control
 * @param measure which time
 * @param blocksCount of which neither side carries a mark
 * @param aFailedCount requests and connects of side a that failed, in all phases of all blocks that
 *     were looked at, also those with a mark
 * @param aUnansweredCount requests without an answer when the drain ended, likewise
 * @param bFailedCount of side b
 * @param bUnansweredCount likewise
 * @param aNs median of side a
 * @param bNs median of side b
 * @param ratio of b to a: median over blocks
 * @param ratioLow lower end of its interval, at the level of the look
 * @param ratioHigh upper end
 * @param p of no difference, by exact sign flips
 * @param pAdjusted the same, corrected by Holm
 * @param verdict in a word; empty where the whole is void
 */
public record AbRow(
    String run,
    CellId cellIdA,
    CellId cellIdB,
    boolean control,
    String measure,
    int blocksCount,
    long aFailedCount,
    long aUnansweredCount,
    long bFailedCount,
    long bUnansweredCount,
    double aNs,
    double bNs,
    double ratio,
    double ratioLow,
    double ratioHigh,
    double p,
    double pAdjusted,
    Optional<String> verdict) {
  /** Those of an ab. */
  public static List<AbRow> of(AbResults ab) {
    return ab.gate().times().stream().map(t -> row(ab, t)).toList();
  }

  private static AbRow row(AbResults ab, GateTime t) {
    return new AbRow(
        ab.manifest().run(),
        t.a().id(),
        t.b().id(),
        t.control(),
        t.timed().word(),
        t.blocks(),
        t.errorsA().failed(),
        t.errorsA().unanswered(),
        t.errorsB().failed(),
        t.errorsB().unanswered(),
        t.nsA(),
        t.nsB(),
        t.ratio(),
        t.interval().knownLow(),
        t.interval().knownHigh(),
        t.p(),
        t.adjustedP(),
        ab.gate().isVoid() && !t.control() ? Optional.empty() : Optional.of(t.change().word()));
  }
}
