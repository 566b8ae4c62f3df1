package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A repetition that is not compared, because of its marks.
 *
 * @param side where it is
 * @param cell of it
 * @param repetition from 1
 * @param marks that it carries
 */
public record SetAside(Side side, CellResults cell, int repetition, List<Mark> marks) {
  /** Counts of pods and connections are not whole with these; other marks are about times. */
  private static final Set<Mark> COUNTS =
      EnumSet.of(
          Mark.DRAINED_EARLY,
          Mark.LOAD_LOST,
          Mark.POD_LOST,
          Mark.POD_UNCOUNTED,
          Mark.DISAGREE,
          Mark.STRAYS);

  /** Whether the times of a repetition may be compared: it has no mark at all. */
  static boolean timesKept(SummaryRow repetition) {
    return repetition.marks().isEmpty();
  }

  /** Whether its counts may be compared. */
  static boolean countsKept(SummaryRow repetition) {
    return repetition.marks().stream().noneMatch(COUNTS::contains);
  }
}
