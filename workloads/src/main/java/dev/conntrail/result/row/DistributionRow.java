package dev.conntrail.result.row;

/**
 * {@code distribution.csv}: one row a cell, repetition and pod.
 *
 * @param podIndex the pod's place among the pods of the cell, from 1
 * @param response times of the requests that it answered, due in the measure phase
 */
public record DistributionRow(
    @Inline At at,
    int podIndex,
    String pod,
    String node,
    long connectionsCount,
    long requestsCount,
    Times response) {
  public DistributionRow {
    if (podIndex < 1) {
      throw new IllegalArgumentException("pod_index: found " + podIndex + "; allowed: 1 or more");
    }
  }

  /** One of its counts. */
  public long count(Unit unit) {
    return switch (unit) {
      case CONNECTIONS -> connectionsCount;
      case REQUESTS -> requestsCount;
    };
  }
}
