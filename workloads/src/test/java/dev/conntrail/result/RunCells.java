package dev.conntrail.result;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The cells of a run by their ids, so that a test can ask which axes the cell of a row has.
 *
 * @param byId from {@code cells.csv}
 */
public record RunCells(Map<CellId, Cell> byId) {
  /** Those of a folder. */
  public static RunCells of(RunFolder folder) throws IOException {
    return new RunCells(
        folder.rows(Tables.CELLS).stream()
            .collect(Collectors.toMap(CellRow::cellId, CellRow::toCell)));
  }

  /** The cell of a row. */
  public Cell of(At at) {
    return byId.get(at.cellId());
  }
}
