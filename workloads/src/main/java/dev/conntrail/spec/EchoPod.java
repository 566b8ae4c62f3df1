package dev.conntrail.spec;

import java.time.Duration;

/**
 * A pod that an echo process serves.
 *
 * @param name of the pod
 * @param node that it runs on
 * @param address to listen on
 * @param httpPort for HTTP/1.1, HTTP/2 and WebSocket; 0 for any free one
 * @param grpcPort for gRPC; 0 for any free one
 * @param netns file of the network namespace to listen in; empty for the process's own
 * @param delay how much later than it could it sends each answer; zero for at once
 */
public record EchoPod(
    String name,
    String node,
    String address,
    int httpPort,
    int grpcPort,
    String netns,
    Duration delay) {
  /** The same with the ports that it listens on. */
  public EchoPod on(int http, int grpc) {
    return new EchoPod(name, node, address, http, grpc, netns, delay);
  }
}
