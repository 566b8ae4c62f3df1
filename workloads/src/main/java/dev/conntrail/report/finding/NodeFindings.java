package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** From which node to which connections went, against a draw that knows no nodes. */
final class NodeFindings implements FindingSource {
  private static final int LISTED = 6;
  private static final double PCT = 100;

  /** What the rows of a matrix have in common. */
  private record Key(
      TestbedKind testbed,
      DataPlane plane,
      Optional<IptablesBackend> backend,
      Optional<IpvsScheduler> scheduler,
      int nodes,
      int pods) {
    static Key of(MatrixRow r) {
      return new Key(
          r.testbed(),
          r.dataPlane(),
          r.iptablesBackend(),
          r.ipvsScheduler(),
          r.nodesCount(),
          r.podsCount());
    }

    String words() {
      return plane.word()
          + backend.filter(b -> b != IptablesBackend.AUTO).map(b -> "-" + b.word()).orElse("")
          + scheduler.map(s -> "-" + s.word()).orElse("");
    }
  }

  /** A matrix: a row for each pair of nodes. */
  private record Matrix(Key key, List<MatrixRow> rows) {
    double p() {
      return rows.getFirst().pAdjusted();
    }

    boolean tested() {
      return Double.isFinite(p());
    }

    boolean alarm() {
      return p() <= Verdicts.FAMILY_ERROR;
    }

    long connections() {
      return rows.stream().mapToLong(MatrixRow::connectionsCount).sum();
    }

    Sentence sentence() {
      List<MatrixRow> same = rows.stream().filter(r -> r.clientNode().equals(r.podNode())).toList();
      return Sentence.of(
              """
              through {plane} ({testbed}, {pods}) {share} % of {connections} came to a pod on their
              client's own node, where chance gives {chance} %{p}
              """)
          .withName("plane", key.words())
          .withName("testbed", key.testbed().word())
          .with("pods", key.pods(), "pod")
          .with(
              "share",
              PCT * same.stream().mapToLong(MatrixRow::connectionsCount).sum() / connections())
          .with("connections", connections(), "connection")
          .with(
              "chance",
              PCT * same.stream().mapToDouble(MatrixRow::expectedCount).sum() / connections())
          .with(
              "p",
              " ",
              tested()
                  ? Optional.of(Sentence.of("(whole matrix: {p})").withTest("p", p()))
                  : Optional.empty());
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    Map<Key, List<MatrixRow>> byKey =
        run.matrices().stream()
            .collect(Collectors.groupingBy(Key::of, LinkedHashMap::new, Collectors.toList()));
    List<Matrix> all = new ArrayList<>();
    byKey.forEach((key, rows) -> all.add(new Matrix(key, rows)));
    List<Matrix> some = all.stream().filter(m -> m.connections() > 0).toList();
    List<Finding> findings = new ArrayList<>();
    add(
        findings,
        some.stream().filter(Matrix::alarm).toList(),
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
      List<Finding> findings, List<Matrix> part, Rank rank, String id, Tone tone, String template) {
    if (!part.isEmpty()) {
      findings.add(
          rank.finding(
              id,
              tone,
              Sentence.of(template)
                  .withSome("each", part.stream().map(Matrix::sentence).toList(), LISTED),
              Evidence.of(
                  "matrices.csv",
                  "connections_count, expected_count, p_adjusted",
                  """
                  cells that have data plane, nodes and pods in common together; Pearson's test of \
                  the matrix where pods are drawn, Holm's correction over all tests of the run\
                  """,
                  Numbers.counted(
                      part.stream().mapToLong(Matrix::connections).sum(), "connection"))));
    }
  }
}
