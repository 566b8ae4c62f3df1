package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.MatrixFit;
import dev.conntrail.analysis.chance.TestResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From which client node to which pod node connections went, against a draw in which every
 * connection takes any pod alike. kube-proxy's rules know no nodes, so chance is what a Service
 * without traffic policies gives.
 */
public final class NodeMatrix {
  private final Map<String, Map<String, Long>> counts = new TreeMap<>();
  private final Map<String, Integer> podsByNode;

  /**
   * Starts with nothing.
   *
   * @param podsByNode how many pods each node runs
   */
  public NodeMatrix(Map<String, Integer> podsByNode) {
    this.podsByNode = new TreeMap<>(podsByNode);
  }

  /** Counts a connection. */
  public void add(String clientNode, String podNode) {
    counts.computeIfAbsent(clientNode, _ -> new TreeMap<>()).merge(podNode, 1L, Long::sum);
  }

  /** Nodes with clients. */
  public List<String> clientNodes() {
    return List.copyOf(counts.keySet());
  }

  /** Nodes with pods. */
  public List<String> podNodes() {
    return List.copyOf(podsByNode.keySet());
  }

  /** Connections from one node to another. */
  public long count(String clientNode, String podNode) {
    return counts.getOrDefault(clientNode, Map.of()).getOrDefault(podNode, 0L);
  }

  /** The same as chance gives it: the client node's connections by the share of pods. */
  public double expected(String clientNode, String podNode) {
    long row = counts.getOrDefault(clientNode, Map.of()).values().stream().mapToLong(n -> n).sum();
    int pods = podsByNode.values().stream().mapToInt(n -> n).sum();
    return (double) row * podsByNode.getOrDefault(podNode, 0) / pods;
  }

  /** All connections. */
  public long total() {
    return counts.values().stream()
        .flatMap(m -> m.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /** The share of connections that stayed on their client's node. */
  public double sameNodeShare() {
    return counts.keySet().stream().mapToLong(n -> count(n, n)).sum() / (double) total();
  }

  /** The same as chance gives it. */
  public double sameNodeShareExpected() {
    return counts.keySet().stream().mapToDouble(n -> expected(n, n)).sum() / total();
  }

  /** Pearson's test of the matrix, given each client node's total. */
  public TestResult test() {
    return MatrixFit.test(
        clientNodes().stream()
            .map(client -> podNodes().stream().mapToLong(pod -> count(client, pod)).toArray())
            .toArray(long[][]::new),
        podsByNode.values().stream().mapToInt(Integer::intValue).toArray());
  }

  /** The probability, if all is fair, of a matrix at least as far from chance. */
  public double p() {
    return test().pUneven();
  }
}
