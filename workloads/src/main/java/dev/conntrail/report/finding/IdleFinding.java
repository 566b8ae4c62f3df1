package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.List;
import java.util.Optional;

/** How many pods a few long-lived connections leave without one, beside the control. */
final class IdleFinding implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return FewLongLived.of(run).map(few -> finding(run, few)).stream().toList();
  }

  private static Finding finding(Analysis run, FewLongLived few) {
    long connections = few.cells().stream().mapToLong(j -> j.verdict().observedCount()).sum();
    return Rank.IDLE_PODS.finding(
        "idle-pods",
        few.cells().stream().anyMatch(j -> j.verdict().alarm()) ? Tone.BAD : Tone.PLAIN,
        Sentence.of("{connections} left {pods} without one ({cells}); {chance}.{control}")
            .with("connections", few.connections())
            .with("pods", few.pods())
            .with("cells", few.cells().size(), "cell")
            .with("chance", few.chance())
            .with("control", " ", control(run, few)),
        Evidence.of(
                "distribution.csv",
                "connections_count",
                "pods with none, mean over repetitions; chance: k(1-1/k)^n, and the range of the"
                    + " exact distribution that holds 95 % of such means",
                Numbers.counted(connections, "connection"))
            .at(CellLink.to(few.first())));
  }

  /** What a new connection for each request left, through the same data planes. */
  private static Optional<Sentence> control(Analysis run, FewLongLived few) {
    List<VerdictRow> controls =
        few.cells().stream()
            .flatMap(j -> Controls.of(run, j.cell()).stream())
            .distinct()
            .flatMap(c -> run.verdict(c, Unit.REQUESTS).stream())
            .toList();
    return Span.of(controls, v -> v.idle().meanCount())
        .map(idle ->
            Sentence.of(
                    "A new connection for each request left {idle} without a request ({cells}).")
                .with("idle", idle)
                .with("cells", controls.size(), "cell"));
  }
}
