package dev.conntrail.compare;

import dev.conntrail.spec.Cell;

/**
 * A time of a pair of cells, over blocks.
 *
 * @param a the cell of one side
 * @param b the cell of the other
 * @param control whether it is a negative control
 * @param timed which time
 * @param blocks of which neither side is marked
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
    double nsA,
    double nsB,
    double ratio,
    Interval interval,
    double p,
    double adjustedP,
    Change change) {
  /** Whether B is slower by more than a margin, whatever of the interval is true. */
  public boolean slowerBeyond(double margin) {
    return change == Change.SLOWER && interval.low() > margin;
  }
}
