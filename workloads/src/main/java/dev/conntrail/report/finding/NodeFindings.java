package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.MatrixRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From which node to which connections went, against a draw that knows no nodes. */
final class NodeFindings implements FindingSource {
  private static final int LISTED = 6;
  private static final double PCT = 100;

  private static long connections(NodeMatrix matrix) {
    return matrix.rows().stream().mapToLong(MatrixRow::connectionsCount).sum();
  }

  private static Sentence sentence(NodeMatrix matrix) {
    List<MatrixRow> same =
        matrix.rows().stream().filter(r -> r.clientNode().equals(r.podNode())).toList();
    return Sentence.of(
            """
            through {plane} ({testbed}, {pods}) {share} % of {connections} came to a pod on their
            client's own node, where chance gives {chance} %{p}
            """)
        .withName("plane", matrix.of().plane().word())
        .withName("testbed", matrix.of().testbed().word())
        .with("pods", matrix.of().pods(), "pod")
        .with(
            "share",
            PCT * same.stream().mapToLong(MatrixRow::connectionsCount).sum() / connections(matrix))
        .with("connections", connections(matrix), "connection")
        .with(
            "chance",
            PCT * same.stream().mapToDouble(MatrixRow::expectedCount).sum() / connections(matrix))
        .with("p", " ", matrix.tested() ? Optional.of(matrix.decided()) : Optional.empty());
  }

  @Override
  public List<Finding> of(Analysis run) {
    List<NodeMatrix> some =
        NodeMatrix.all(run.matrices()).stream().filter(m -> connections(m) > 0).toList();
    List<Finding> findings = new ArrayList<>();
    add(
        findings,
        some.stream().filter(NodeMatrix::alarm).toList(),
        Rank.NODES_NOT_CHANCE,
        "nodes-not-chance",
        Tone.BAD,
        "Not chance: from node to node connections went otherwise than a draw gives that knows no nodes: {each}.");
    add(
        findings,
        some.stream().filter(m -> m.tested() && !m.alarm()).toList(),
        Rank.NODES,
        "nodes",
        Tone.GOOD,
        "From node to node connections went as a draw may send them that knows no nodes: {each}.");
    add(
        findings,
        some.stream().filter(m -> !m.tested()).toList(),
        Rank.NODES,
        "nodes-not-tested",
        Tone.PLAIN,
        "From node to node, not tested: {each}.");
    return findings;
  }

  private static void add(
      List<Finding> findings,
      List<NodeMatrix> part,
      Rank rank,
      String id,
      Tone tone,
      String template) {
    if (!part.isEmpty()) {
      findings.add(
          rank.finding(
              id,
              tone,
              Sentence.of(template)
                  .withSome("each", part.stream().map(NodeFindings::sentence).toList(), LISTED),
              Evidence.of(
                  "matrices.csv",
                  "connections_count, expected_count, pooled_p_adjusted, stratified_p_adjusted",
                  """
                  cells that have data plane, nodes and pods in common together; Pearson's test of \
                  the matrix where pods are drawn, of all repetitions together and of each for \
                  itself, Holm's correction over all tests of the run\
                  """,
                  Numbers.counted(
                      part.stream().mapToLong(NodeFindings::connections).sum(), "connection"))));
    }
  }
}
