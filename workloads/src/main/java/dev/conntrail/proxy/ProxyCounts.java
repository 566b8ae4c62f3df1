package dev.conntrail.proxy;

import java.util.List;

/**
 * What a proxy counted since it started.
 *
 * @param connections of clients
 * @param requests of clients; one that became a WebSocket, and each stream of gRPC, is one
 * @param retries requests that it tried again, at the same pod or another: each time is one
 * @param pods by pod, in the order in which it came to know them
 */
public record ProxyCounts(long connections, long requests, long retries, List<OfPod> pods) {
  /** Copies. */
  public ProxyCounts {
    pods = List.copyOf(pods);
  }

  /**
   * What it counted of a pod.
   *
   * @param pod its name
   * @param connections that it opened, or tried to
   * @param requests that it sent, or had meant for it
   * @param refused of the connections, those that came to be none
   */
  public record OfPod(String pod, long connections, long requests, long refused) {}
}
