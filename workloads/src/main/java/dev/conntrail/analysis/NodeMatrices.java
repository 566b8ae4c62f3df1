package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.MatrixFit;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From which client node to which pod node connections went, against a draw in which every
 * connection takes any pod alike. kube-proxy's rules know no nodes, so chance is what a Service
 * without traffic policies gives. Where all is on one node there is nothing to tell.
 */
final class NodeMatrices {
  /** What cells have in common whose connections are counted together. */
  private record Alike(TestbedKind testbed, Plane plane, boolean drawn, int nodes, int pods) {
    static Alike of(TestbedKind testbed, Cell cell) {
      return new Alike(
          testbed, cell.plane(), cell.choice() == PodChoice.DRAW, cell.nodes(), cell.pods());
    }
  }

  /** Counts of such cells. */
  static final class Matrix {
    private final Alike alike;
    private final Map<String, Map<String, Long>> counts = new TreeMap<>();
    private final Map<String, Integer> podsByNode = new TreeMap<>();

    private Matrix(Alike alike) {
      this.alike = alike;
    }

    private long count(String client, String pod) {
      return counts.get(client).getOrDefault(pod, 0L);
    }

    private double expected(String client, String pod) {
      long row = counts.get(client).values().stream().mapToLong(n -> n).sum();
      int pods = podsByNode.values().stream().mapToInt(n -> n).sum();
      return (double) row * podsByNode.get(pod) / pods;
    }

    /** Whether it can be tested: connections are drawn, and not all pods are on one node. */
    boolean tested() {
      return alike.drawn() && podsByNode.size() > 1;
    }

    TestResult test() {
      SequencedSet<String> columns = new TreeSet<>(podsByNode.keySet());
      return MatrixFit.test(
          counts.keySet().stream()
              .map(c -> columns.stream().mapToLong(p -> count(c, p)).toArray())
              .toArray(long[][]::new),
          columns.stream().mapToInt(podsByNode::get).toArray());
    }

    /** A row for each pair of nodes. */
    List<MatrixRow> rows(String run, Optional<TestResult> test, double pAdjusted) {
      List<MatrixRow> rows = new ArrayList<>();
      for (String client : counts.keySet()) {
        for (String pod : podsByNode.keySet()) {
          rows.add(
              new MatrixRow(
                  run,
                  alike.testbed(),
                  alike.plane().dataPlane(),
                  alike.plane().backend(),
                  alike.plane().scheduler(),
                  alike.nodes(),
                  alike.pods(),
                  client,
                  pod,
                  count(client, pod),
                  expected(client, pod),
                  test.map(TestResult::p).orElse(Double.NaN),
                  pAdjusted,
                  test.map(t -> t.method().text())));
        }
      }
      return rows;
    }
  }

  private NodeMatrices() {}

  /** All of a run that have more than one node with pods. */
  static List<Matrix> of(RunResults run) {
    Map<Alike, Matrix> matrices = new LinkedHashMap<>();
    Map<At, Matrix> byRepetition = new HashMap<>();
    for (CellResults c : run.measured()) {
      if (counts(c.testbed(), c.cell())) {
        for (RepetitionResults r : c.counted()) {
          Matrix matrix = matrices.computeIfAbsent(Alike.of(c.testbed(), c.cell()), Matrix::new);
          place(r, matrix);
          byRepetition.put(r.summary().at(), matrix);
        }
      }
    }
    for (ConnectionRow c : run.connections()) {
      Matrix matrix = byRepetition.get(c.at());
      if (matrix != null && c.node().isPresent() && c.clientNode().isPresent()) {
        matrix
            .counts
            .computeIfAbsent(c.clientNode().get(), _ -> new TreeMap<>())
            .merge(c.node().get(), 1L, Long::sum);
      }
    }
    return matrices.values().stream()
        .filter(m -> m.podsByNode.size() > 1 && !m.counts.isEmpty())
        .toList();
  }

  /** Whether a cell's connections are counted from node to node. */
  private static boolean counts(TestbedKind testbed, Cell cell) {
    return (testbed.kubernetes() || cell.nodes() > 1)
        && cell.dataPlane() != DataPlane.DIRECT
        && cell.course().changes().isEmpty();
  }

  /** How many matrices of an experiment will be tested, if pods are on more than one node. */
  static int planned(Experiment experiment) {
    return (int)
        experiment.cells().stream()
            .filter(c -> counts(experiment.testbed(), c) && c.pods() > 1)
            .map(c -> Alike.of(experiment.testbed(), c))
            .filter(Alike::drawn)
            .distinct()
            .count();
  }

  /** How many pods each node runs: the same in every repetition. */
  private static void place(RepetitionResults repetition, Matrix matrix) {
    if (matrix.podsByNode.isEmpty()) {
      for (DistributionRow pod : repetition.pods()) {
        matrix.podsByNode.merge(pod.node(), 1, Integer::sum);
      }
    }
  }
}
