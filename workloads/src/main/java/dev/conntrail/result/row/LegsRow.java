package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;

/**
 * {@code legs.csv}: one row a cell whose route leads through proxies; all repetitions together.
 *
 * @param toProxy from clients to proxies, by the proxies' logs
 * @param toPod from proxies to pods, by the same
 * @param unansweredCount requests that proxies sent to pods and had no answer to
 * @param retriedCount requests that proxies tried again; not a number where one did not say
 * @param refusedCount connections to pods that came to be none; likewise
 * @param comparedCount own counters of proxies that were held against others
 * @param differCount of these, those that differ in a way that nothing explains
 */
public record LegsRow(
    String run,
    CellId cellId,
    Leg toProxy,
    Leg toPod,
    long unansweredCount,
    double retriedCount,
    double refusedCount,
    long comparedCount,
    long differCount) {
  /**
   * One of the two.
   *
   * @param connectionsCount that carried a request, or came to be
   * @param requestsCount on them; what became a WebSocket, and a stream of gRPC, is one
   * @param requestsPerConnection of these; not a number where there is no connection
   * @param connectionsMaxOverMean of who takes them, the busiest over the mean, mean over
   *     repetitions; not a number where that says nothing
   * @param requestsMaxOverMean likewise of requests
   */
  public record Leg(
      long connectionsCount,
      long requestsCount,
      double requestsPerConnection,
      double connectionsMaxOverMean,
      double requestsMaxOverMean) {}
}
