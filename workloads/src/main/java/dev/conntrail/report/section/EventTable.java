package dev.conntrail.report.section;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.Occurrence;
import dev.conntrail.report.finding.Seen;
import dev.conntrail.result.CellResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A table with a row a cell and event of which something was seen over time. */
final class EventTable {
  private EventTable() {}

  /**
   * One of some cells; empty if none of them was watched over time.
   *
   * @param columns those after the cell's and the event's
   * @param fields of these
   */
  static Optional<Block> of(
      String id,
      String caption,
      List<Column> columns,
      Around around,
      List<CellResults> cells,
      Function<Seen, List<Field>> fields) {
    List<Block.Row> rows = new ArrayList<>();
    for (CellResults cell : cells) {
      for (Occurrence o : Occurrence.of(cell)) {
        Seen seen = Seen.of(around, o);
        if (!seen.recoveries().isEmpty()) {
          List<Field> row = new ArrayList<>(named(o));
          row.addAll(fields.apply(seen));
          rows.add(new Block.Row(row, Optional.empty()));
        }
      }
    }
    List<Column> all =
        new ArrayList<>(List.of(Column.figures("#"), Column.words("cell"), Column.words("event")));
    all.addAll(columns);
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(new Block.Table(id, caption, all, rows, rows.size() > 1));
  }

  private static List<Field> named(Occurrence o) {
    CellResults cell = o.cell();
    return List.of(
        Field.of(Integer.toString(cell.number()), cell.number()).withLink(CellLink.to(cell)),
        Field.of(cell.title()),
        Field.of(o.cause().toString()));
  }
}
