package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.CureFindings;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A row of a table of cures: the cells of a group that have one of them.
 *
 * @param cells in order
 */
record CuredCells(Analysis run, List<CellResults> cells) {
  /**
   * A table of a row a cure, group by group, which begins with the cure and what is asked.
   *
   * @param fields those that come after
   */
  static Block table(
      String id,
      String caption,
      List<Column> columns,
      Analysis run,
      List<CureGroup> groups,
      Function<CuredCells, List<Field>> fields) {
    List<Block.Row> rows = new ArrayList<>();
    for (CureGroup group : groups) {
      for (List<CellResults> cells : group.byCure()) {
        List<Field> all = new ArrayList<>();
        all.add(Field.of(CureFindings.name(cells.getFirst().cell())));
        all.add(Field.of(group.asked() + ", " + Numbers.counted((long) group.pods(), "pod")));
        all.addAll(fields.apply(new CuredCells(run, cells)));
        rows.add(new Block.Row(all, Optional.empty()));
      }
    }
    return new Block.Table(id, caption, columns, rows, rows.size() > 1);
  }

  /** What is said of the first cell of which it can be. */
  Field first(Function<CellResults, Optional<Field>> said) {
    return cells.stream()
        .flatMap(c -> said.apply(c).map(f -> f.withLink(CellLink.to(c))).stream())
        .findFirst()
        .orElse(Field.of(""));
  }

  /** What a cell's cure did and took. */
  Optional<CureRow> row(CellResults cell) {
    return run.cure(cell);
  }

  /** Those of all cells. */
  List<CureRow> rows() {
    return cells.stream().flatMap(c -> row(c).stream()).toList();
  }
}
