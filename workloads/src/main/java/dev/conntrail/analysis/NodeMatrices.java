package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.MatrixFit;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From which client node to which pod node connections went, against a draw in which every
 * connection takes any pod alike. kube-proxy's rules know no nodes, so chance is what a Service
 * without traffic policies gives. It is tested as cells are: once over all repetitions together,
 * and once as the sum of each repetition's own statistic, so that a detour that goes now one way
 * and now another is seen too. Where all is on one node there is nothing to tell.
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
    private final Map<At, Map<String, Map<String, Long>>> byRepetition = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> counts = new TreeMap<>();
    private final SortedMap<String, Integer> podsByNode = new TreeMap<>();

    private Matrix(Alike alike) {
      this.alike = alike;
    }

    private void add(At repetition, String client, String pod) {
      add(byRepetition.computeIfAbsent(repetition, _ -> new TreeMap<>()), client, pod);
      add(counts, client, pod);
    }

    private static void add(Map<String, Map<String, Long>> counts, String client, String pod) {
      counts.computeIfAbsent(client, _ -> new TreeMap<>()).merge(pod, 1L, Long::sum);
    }

    private long count(String client, String pod) {
      return counts.get(client).getOrDefault(pod, 0L);
    }

    private double expected(String client, String pod) {
      long row = counts.get(client).values().stream().mapToLong(n -> n).sum();
      int pods = podsByNode.values().stream().mapToInt(n -> n).sum();
      return (double) row * podsByNode.get(pod) / pods;
    }

    /** Both forms of the test; none if pods are not drawn, or all of them are on one node. */
    List<Tested> tests() {
      if (!alike.drawn() || podsByNode.size() < 2) {
        return List.of();
      }
      Tested pooled = new Tested(Form.POOLED, test(rows(counts)));
      return byRepetition.size() < 2
          ? List.of(pooled)
          : List.of(
              pooled,
              new Tested(
                  Form.STRATIFIED, test(byRepetition.values().stream().flatMap(this::rows))));
    }

    private Stream<long[]> rows(Map<String, Map<String, Long>> some) {
      return some.values().stream()
          .map(row ->
              podsByNode.keySet().stream().mapToLong(p -> row.getOrDefault(p, 0L)).toArray());
    }

    private TestResult test(Stream<long[]> rows) {
      return MatrixFit.test(
          rows.toArray(long[][]::new), podsByNode.values().stream().mapToInt(n -> n).toArray());
    }

    /** A row for each pair of nodes. */
    List<MatrixRow> rows(String run, VerdictRow.Test pooled, VerdictRow.Test stratified) {
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
                  pooled,
                  stratified));
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
        matrix.add(c.at(), c.clientNode().get(), c.node().get());
      }
    }
    return matrices.values().stream()
        .filter(m -> m.podsByNode.size() > 1 && !m.counts.isEmpty())
        .toList();
  }

  /** Whether a cell's connections are counted from node to node. */
  private static boolean counts(TestbedKind testbed, Cell cell) {
    return (testbed.kubernetes() || cell.nodes() > 1)
        && cell.behindService()
        && cell.choice() != PodChoice.CLIENT_PINNED
        && !cell.cure().sameZone()
        && cell.course().events().isEmpty();
  }

  /** How many tests matrices of an experiment will have, if pods are on more than one node. */
  static int planned(Experiment experiment) {
    Map<Alike, Integer> repetitions =
        experiment.cells().stream()
            .filter(c -> counts(experiment.testbed(), c) && c.pods() > 1)
            .filter(c -> c.choice() == PodChoice.DRAW)
            .collect(
                Collectors.groupingBy(
                    c -> Alike.of(experiment.testbed(), c),
                    Collectors.summingInt(c -> c.course().repetitions())));
    return repetitions.values().stream().mapToInt(n -> n > 1 ? 2 : 1).sum();
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
