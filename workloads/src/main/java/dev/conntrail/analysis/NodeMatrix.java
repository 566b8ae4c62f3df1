package dev.conntrail.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * From which client node to which pod node connections went, against a draw in which every
 * connection takes any pod alike. kube-proxy's rules know no nodes, so chance is what a Service
 * without traffic policies gives.
 */
public final class NodeMatrix {
  /** Below this expected count the chi-square approximation is not to be trusted (Cochran 1954). */
  private static final double LEAST_EXPECTED = 5;

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

  /**
   * The probability of a matrix at least as far from chance (Pearson's chi-square, given each
   * client node's total); not a number where counts are too small for it.
   */
  public double p() {
    double statistic = 0;
    int df = 0;
    List<Double> expectations = new ArrayList<>();
    for (String client : clientNodes()) {
      for (String pod : podNodes()) {
        double expected = expected(client, pod);
        expectations.add(expected);
        statistic += Math.pow(count(client, pod) - expected, 2) / expected;
      }
      df += podNodes().size() - 1;
    }
    return df == 0 || expectations.stream().anyMatch(e -> e < LEAST_EXPECTED)
        ? Double.NaN
        : ChiSquaredDistribution.of(df).survivalProbability(statistic);
  }
}
