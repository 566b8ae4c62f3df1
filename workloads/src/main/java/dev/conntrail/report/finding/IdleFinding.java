package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.counted;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.List;
import java.util.Optional;

/** How many pods a few long-lived connections leave without one, beside the control. */
final class IdleFinding implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    Optional<CellResults> few = Controls.fewLongLived(run);
    return few.flatMap(c -> run.verdict(c, Unit.CONNECTIONS).map(v -> finding(run, c, v))).stream()
        .toList();
  }

  private static Finding finding(Analysis run, CellResults cell, VerdictRow v) {
    double idle = v.idle().meanCount();
    boolean outside = idle < v.idle().lowCount() || idle > v.idle().highCount();
    String text =
        "%s %s %s through %s left %s of %d pods without one; chance leaves %s (%s to %s).%s"
            .formatted(
                number(cell.cell().connections()),
                "long-lived",
                cell.cell().protocol().word()
                    + (cell.cell().connections() == 1 ? " connection" : " connections"),
                cell.cell().variant(),
                number(idle),
                v.podsCount(),
                number(v.idle().expectedCount()),
                number(v.idle().lowCount()),
                number(v.idle().highCount()),
                control(run, cell));
    return new Finding(
        "idle-pods",
        outside ? Tone.BAD : Tone.PLAIN,
        text,
        new Evidence(
            "distribution.csv",
            "connections_count",
            "pods with none, mean over repetitions; chance: k(1-1/k)^n, and the range that holds"
                + " 95 % of such means",
            counted(v.observedCount(), "connection")
                + ", "
                + counted((long) v.repetitionsCount(), "repetition"),
            Optional.empty(),
            Optional.of(CellLink.to(cell))),
        90);
  }

  private static String control(Analysis run, CellResults cell) {
    return Controls.of(run, cell)
        .flatMap(c -> run.verdict(c, Unit.REQUESTS))
        .map(c ->
            " A new connection for each request left "
                + number(c.idle().meanCount())
                + " without a request.")
        .orElse("");
  }
}
