package dev.conntrail.proxy;

import java.util.List;

/**
 * What a proxy counted since it started.
 *
 * @param connections of clients
 * @param requests of clients; one that became a WebSocket, and each stream of gRPC, is one
 * @param pods by pod, in the order in which it came to know them
 */
public record ProxyCounts(long connections, long requests, List<OfPod> pods) {
  /**
   * What it counted of a pod.
   *
   * @param pod its name
   * @param connections that it opened
   * @param requests that it sent
   */
  public record OfPod(String pod, long connections, long requests) {}
}
