package dev.conntrail.experiment;

import dev.conntrail.result.row.SummaryRow;
import java.util.List;

/**
 * A block of two sides: every cell of both once.
 *
 * @param number from 1, which is that of the repetition
 * @param rows a pair for each pair of cells; without those of which a repetition failed
 */
public record PairedBlock(int number, List<Rows> rows) {
  public PairedBlock {
    rows = List.copyOf(rows);
  }

  /**
   * What was measured of a pair of cells.
   *
   * @param a on side a
   * @param b on side b
   */
  public record Rows(PairedCells cells, SummaryRow a, SummaryRow b) {}
}
