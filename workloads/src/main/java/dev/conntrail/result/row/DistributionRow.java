package dev.conntrail.result.row;

/**
 * {@code distribution.csv}: one row a cell, repetition and pod.
 *
 * @param podIndex the pod's place among the pods of the cell, from 1
 */
public record DistributionRow(
    @Inline At at,
    int podIndex,
    String pod,
    String node,
    long connectionsCount,
    long requestsCount) {
  /** One of its counts. */
  public long count(Unit unit) {
    return switch (unit) {
      case CONNECTIONS -> connectionsCount;
      case REQUESTS -> requestsCount;
    };
  }
}
