package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.PodChoice;
import java.util.List;
import java.util.Optional;

/** The same workload from one node and from several that start together. */
final class NodesTogetherFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream()
        .filter(c -> c.cell().nodes() > 1 && !c.cell().provoking())
        .flatMap(many -> finding(run, many).stream())
        .toList();
  }

  private static Optional<Finding> finding(Analysis run, CellResults many) {
    Optional<CellResults> one =
        run.results().measured().stream()
            .filter(c ->
                c.testbed() == many.testbed()
                    && c.cell().nodes() == 1
                    && c.cell().with(Axes.NODES, many.cell().nodes()).id().equals(many.id()))
            .findFirst();
    Optional<VerdictRow> a = one.flatMap(c -> run.verdict(c, Unit.CONNECTIONS));
    return a.flatMap(
        first -> run.verdict(many, Unit.CONNECTIONS).map(second -> finding(many, first, second)));
  }

  private static Finding finding(CellResults many, VerdictRow one, VerdictRow several) {
    return Rank.NODES_TOGETHER.finding(
        "nodes-together-" + many.id(),
        Tone.PLAIN,
        Sentence.of(
                """
                {title}{turns}: {from-one} of {pods} idle from one node, {from-many} from {nodes}
                nodes that start together; a draw would leave {chance}.
                """)
            .with("title", many)
            .with(
                "turns",
                several.choice() == PodChoice.NODE_IN_TURN
                    ? ", each node taking its own turns"
                    : "")
            .with("from-one", one.idle().meanCount())
            .with("pods", several.podsCount(), "pod")
            .with("from-many", several.idle().meanCount())
            .with("nodes", many.cell().nodes())
            .with(
                "chance",
                new Span(
                    Math.min(one.idle().expectedCount(), several.idle().expectedCount()),
                    Math.max(one.idle().expectedCount(), several.idle().expectedCount()))),
        Evidence.of(
                "verdicts.csv",
                "idle_mean_count, idle_expected_count of unit connections",
                "pods without a connection, means over repetitions",
                Numbers.counted(one.observedCount() + several.observedCount(), "connection"))
            .at(CellLink.to(many)));
  }
}
