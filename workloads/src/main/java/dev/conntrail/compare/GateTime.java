package dev.conntrail.compare;

import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import java.util.List;

/**
 * A time of a pair of cells, over blocks.
 *
 * @param a the cell of one side
 * @param b the cell of the other
 * @param control whether it is a negative control
 * @param timed which time
 * @param blocks of which neither side is marked
 * @param errorsA of side A, in all blocks that were looked at, also those that are marked
 * @param errorsB of side B
 * @param nsA median of side A, nanoseconds
 * @param nsB median of side B
 * @param ratio of B to A: the median over blocks
 * @param interval of the ratio, at the level of the look
 * @param p of no difference, by exact sign flips
 * @param adjustedP the same, corrected for all times of this look
 * @param change the verdict
 */
public record GateTime(
    Cell a,
    Cell b,
    boolean control,
    Timed timed,
    int blocks,
    Errors errorsA,
    Errors errorsB,
    double nsA,
    double nsB,
    double ratio,
    Interval interval,
    double p,
    double adjustedP,
    Change change) {
  /**
   * Requests of a side without an answer, all phases.
   *
   * @param failed requests and connects that failed
   * @param unanswered without an answer when the drain ended
   */
  public record Errors(long failed, long unanswered) {
    static Errors of(List<SummaryRow> side) {
      return new Errors(
          side.stream().mapToLong(s -> s.requests().failedCount()).sum(),
          side.stream().mapToLong(s -> s.requests().unansweredCount()).sum());
    }
  }

  /** Whether B is slower by more than a margin, whatever of the interval is true. */
  public boolean slowerBeyond(double margin) {
    return change == Change.SLOWER && interval.low() > margin;
  }
}
