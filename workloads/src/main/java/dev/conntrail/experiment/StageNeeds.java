package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What cells must have in common to share a stage.
 *
 * @param mode kube-proxy's, on a cluster
 * @param pods on a cluster, which has those of a Deployment alone; else 0
 */
record StageNeeds(TestbedKind testbed, DataPlane mode, int pods, int nodes) {
  /** A cluster that stages have in common: those of other numbers of pods are on it in turn. */
  private record Cluster(DataPlane mode, int nodes) {}

  /**
   * The cells of a testbed by their needs, in order; needs of one cluster come one after the other,
   * so that it is made once.
   */
  static Map<StageNeeds, List<Cell>> of(TestbedKind testbed, List<Cell> cells) {
    Map<Cluster, Map<StageNeeds, List<Cell>>> clusters = new LinkedHashMap<>();
    for (Cell cell : cells) {
      StageNeeds needs = of(testbed, cell, cells);
      clusters
          .computeIfAbsent(new Cluster(needs.mode, needs.nodes), _ -> new LinkedHashMap<>())
          .computeIfAbsent(needs, _ -> new ArrayList<>())
          .add(cell);
    }
    Map<StageNeeds, List<Cell>> all = new LinkedHashMap<>();
    clusters.values().forEach(all::putAll);
    return all;
  }

  /**
   * What all cells have in common.
   *
   * @throws TestbedException if that is not enough to share a stage
   */
  static StageNeeds shared(TestbedKind testbed, List<Cell> cells) {
    List<StageNeeds> all = List.copyOf(of(testbed, cells).keySet());
    if (all.size() > 1) {
      throw new TestbedException(
          "the cells cannot share one testbed, for they are on "
              + all.stream().map(StageNeeds::text).collect(Collectors.joining(" and on ")),
          "an experiment whose cells have the same");
    }
    return all.getFirst();
  }

  private String text() {
    return testbed.kubernetes()
        ? "a cluster of mode " + mode.word() + " with " + pods + " pods" + onNodes()
        : nodes + (nodes == 1 ? " node" : " nodes");
  }

  /** One node is what nobody asked for. */
  private String onNodes() {
    return nodes == 1 ? "" : " on " + nodes + " nodes";
  }

  /** A cluster has one mode for all its cells; here rules are loaded for each repetition anew. */
  private static StageNeeds of(TestbedKind testbed, Cell cell, List<Cell> all) {
    return testbed.kubernetes()
        ? new StageNeeds(
            testbed,
            clusterMode(cell.dataPlane(), all),
            cell.course().standingPods(cell.pods()),
            cell.nodes())
        : new StageNeeds(testbed, DataPlane.DIRECT, 0, cell.nodes());
  }

  /** Straight to the pods is the same in every mode: it is run in the first that there is. */
  private static DataPlane clusterMode(DataPlane plane, List<Cell> all) {
    return plane.service()
        ? plane
        : all.stream()
            .map(Cell::dataPlane)
            .filter(p -> p.service())
            .findFirst()
            .orElse(DataPlane.IPTABLES);
  }
}
