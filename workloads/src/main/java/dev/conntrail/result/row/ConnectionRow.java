package dev.conntrail.result.row;

import dev.conntrail.record.Death;
import java.util.Optional;

/**
 * {@code connections.csv}: the ledger, one row a connection.
 *
 * @param requestsCount requests with a reply
 * @param servedCount requests that who took the connection counted, answered or not; empty where
 *     nobody said
 */
public record ConnectionRow(
    @Inline At at,
    String client,
    Optional<String> clientNode,
    int connection,
    String localAddress,
    int localPort,
    String remoteAddress,
    int remotePort,
    Optional<Integer> podIndex,
    Optional<String> pod,
    Optional<String> node,
    Optional<Witness> podBy,
    double bornMs,
    double connectNs,
    double livedMs,
    double lastReplyMs,
    double lastRequestMs,
    Death death,
    long requestsCount,
    long measuredRequestsCount,
    long straysCount,
    Optional<Long> servedCount) {
  private static final double NS_PER_MS = 1e6;
  private static final double SYN_AGAIN_MS = 1000;

  /**
   * When the packet was sent that was answered, and so when its pod was chosen, or soon after. A
   * SYN that nothing answers is sent again a whole number of seconds after the first ({@code
   * TCP_TIMEOUT_INIT}, {@code include/net/tcp.h}), and its pod is chosen anew then.
   */
  public double begunMs() {
    return bornMs - connectNs / NS_PER_MS % SYN_AGAIN_MS;
  }

  /** When it ended; later than anything if it had not. */
  public double diedMs() {
    return Double.isNaN(livedMs) ? Double.MAX_VALUE : bornMs + livedMs;
  }

  /** Whether it was open at a moment, that of its birth included. */
  public boolean livesAt(double ms) {
    return bornMs <= ms && diedMs() > ms;
  }

  /** Whether it had been opened before something happened, and had not ended then. */
  public boolean openAt(double ms) {
    return bornMs < ms && diedMs() > ms;
  }

  /** The same row of a connection that leads to no pod of its own, so that none is a stranger. */
  public ConnectionRow toNoPod() {
    return placed(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }

  /**
   * The same row, with the pod that it landed on.
   *
   * @param index the pod's place among those of the cell, from 1
   * @param by who saw it there
   */
  public ConnectionRow on(
      Optional<Integer> index, String otherPod, Optional<String> otherNode, Witness by) {
    return placed(index, Optional.of(otherPod), otherNode, Optional.of(by), straysCount);
  }

  /** The same row, with what the one who took it counted. */
  public ConnectionRow served(long count) {
    return row(podIndex, pod, node, podBy, straysCount, Optional.of(count));
  }

  /** Requests that were served, and whose answer the client does not have. */
  public Optional<Long> unheardCount() {
    return servedCount.map(served -> Math.max(0, served - requestsCount));
  }

  private ConnectionRow placed(
      Optional<Integer> index,
      Optional<String> otherPod,
      Optional<String> otherNode,
      Optional<Witness> by,
      long strays) {
    return row(index, otherPod, otherNode, by, strays, servedCount);
  }

  private ConnectionRow row(
      Optional<Integer> index,
      Optional<String> otherPod,
      Optional<String> otherNode,
      Optional<Witness> by,
      long strays,
      Optional<Long> served) {
    return new ConnectionRow(
        at,
        client,
        clientNode,
        connection,
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
        index,
        otherPod,
        otherNode,
        by,
        bornMs,
        connectNs,
        livedMs,
        lastReplyMs,
        lastRequestMs,
        death,
        requestsCount,
        measuredRequestsCount,
        strays,
        served);
  }
}
