package dev.conntrail.compare;

import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;

/**
 * A block's two repetitions of a pair of cells, measured close to each other.
 *
 * @param block from 1
 * @param a the cell of one side
 * @param b the cell of the other
 * @param control whether both are the same and nothing was changed for them: a negative control
 * @param ofA what one gave
 * @param ofB what the other gave
 */
public record BlockPair(
    int block, Cell a, Cell b, boolean control, SummaryRow ofA, SummaryRow ofB) {
  /** Which cells it is of. */
  Which which() {
    return new Which(a, b, control);
  }

  /** Both without marks. */
  boolean kept() {
    return SetAside.timesKept(ofA) && SetAside.timesKept(ofB);
  }

  /** Cells of both sides. */
  record Which(Cell a, Cell b, boolean control) {}
}
