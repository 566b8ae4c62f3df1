package dev.conntrail.compare;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A time of two cells.
 *
 * @param pair the cells
 * @param timed which time
 * @param controlled whether each value is over that of a control
 * @param noise what moves between runs, that the interval is widened by
 * @param a what one took
 * @param b what the other took
 * @param ratio of B to A
 * @param interval of the ratio, 95 %
 * @param p of no difference; not a number where none can be given
 * @param adjustedP the same, corrected for all that were declared
 * @param change the verdict
 * @param detectable the ratio that is found in 8 of 10 such comparisons; not a number where unknown
 * @param needed repetitions a side that would find the margin; empty where it is found, or none do
 */
public record TimeComparison(
    CellPair pair,
    Timed timed,
    boolean controlled,
    Optional<Noise> noise,
    Taken a,
    Taken b,
    double ratio,
    Interval interval,
    double p,
    double adjustedP,
    Change change,
    double detectable,
    OptionalInt needed) {

  /**
   * What a side took.
   *
   * @param repetitions without marks
   * @param ns median over them of the percentile itself, nanoseconds
   */
  public record Taken(int repetitions, double ns) {}

  /** Whether B is slower by more than a margin, whatever of the interval is true. */
  public boolean slowerBeyond(double margin) {
    return change == Change.SLOWER && interval.low() > margin;
  }
}
