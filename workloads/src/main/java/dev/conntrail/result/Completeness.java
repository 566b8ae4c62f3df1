package dev.conntrail.result;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.RunStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether tables that name the same things have as many of them. */
record Completeness(TableReader reader, List<CellResults> cells, List<ConnectionRow> connections) {

  /** Notes what is not there. */
  void check() {
    if (reader.schema().manifest().status() == RunStatus.COMPLETE) {
      cells.forEach(this::repetitions);
    }
    if (!connections.isEmpty()) {
      Map<At, Long> rows =
          connections.stream()
              .collect(Collectors.groupingBy(ConnectionRow::at, Collectors.counting()));
      cells.stream()
          .flatMap(c -> c.repetitions().stream())
          .forEach(r -> ledger(r, rows.getOrDefault(r.summary().at(), 0L)));
    }
  }

  private void repetitions(CellResults cell) {
    if (cell.repetitions().size() < cell.cell().course().repetitions()) {
      Path file = reader.schema().file(Tables.SUMMARY);
      reader.problem(
          file,
          file
              + ": found "
              + cell.repetitions().size()
              + " repetitions of cell "
              + cell.id()
              + "; allowed: "
              + cell.cell().course().repetitions()
              + ", for the run is complete");
    }
  }

  private void ledger(RepetitionResults repetition, long rows) {
    long opened = repetition.summary().connections().openedCount();
    if (rows != opened) {
      Path file = reader.schema().file(Tables.CONNECTIONS);
      reader.problem(
          file,
          file
              + ": found "
              + rows
              + " rows of "
              + text(repetition.summary().at())
              + "; allowed: "
              + opened
              + ", as summary.csv has them");
    }
  }

  /** A repetition in words. */
  static String text(At at) {
    return "cell " + at.cellId() + " repetition " + at.repetition();
  }
}
