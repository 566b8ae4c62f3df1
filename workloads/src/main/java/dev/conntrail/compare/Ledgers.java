package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.ConnectionRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Connections of cells, by repetition. */
final class Ledgers {
  private Ledgers() {}

  /** Those of two runs, or of one. */
  static Function<CellResults, Map<Integer, List<ConnectionRow>>> of(RunResults a, RunResults b) {
    Map<CellResults, Map<Integer, List<ConnectionRow>>> all = new HashMap<>();
    for (RunResults run : List.of(a, b)) {
      run.connectionsByCell()
          .forEach((id, rows) -> run.cell(id).ifPresent(cell -> all.put(cell, byRepetition(rows))));
    }
    return cell -> all.getOrDefault(cell, Map.of());
  }

  private static Map<Integer, List<ConnectionRow>> byRepetition(List<ConnectionRow> rows) {
    return rows.stream().collect(Collectors.groupingBy(c -> c.at().repetition()));
  }
}
