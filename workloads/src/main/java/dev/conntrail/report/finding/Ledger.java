package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.spec.CellId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The clients' ledger, by cell. */
final class Ledger {
  private Ledger() {}

  /** Connections of each cell that has any. */
  static Map<CellId, List<ConnectionRow>> byCell(Analysis run) {
    return run.results().connections().stream()
        .collect(
            Collectors.groupingBy(c -> c.at().cellId(), LinkedHashMap::new, Collectors.toList()));
  }
}
