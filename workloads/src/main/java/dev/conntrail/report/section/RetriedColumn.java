package dev.conntrail.report.section;

import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Retries;
import java.util.List;
import java.util.stream.Collectors;

/** How often libraries sent requests again, in a table of cures. */
final class RetriedColumn {
  static final Column HEAD =
      Column.words("retried")
          .explained(
              "how often libraries sent a request again, in all phases, where they do so; one that was"
                  + " answered then is not among the lost");

  private RetriedColumn() {}

  /** Whether a library sends requests again, or says that it did. */
  static boolean holds(CellResults cell) {
    return cell.cell().get(Axes.RETRIES) == Retries.LIBRARY || retried(cell) > 0;
  }

  private static long retried(CellResults cell) {
    return cell.sum(s -> s.requests().retriedCount());
  }

  /** By cell whose library does so. */
  static Field of(List<CellResults> cells) {
    return Field.of(
        cells.stream()
            .filter(RetriedColumn::holds)
            .map(c -> Numbers.count(retried(c)) + " (#" + c.number() + ")")
            .collect(Collectors.joining("; ")));
  }
}
