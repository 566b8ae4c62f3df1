package dev.conntrail.model;

import java.util.List;

/**
 * A port of a Service, as the data planes see it.
 *
 * @param address ClusterIP, host order
 * @param port its port
 * @param protocol {@link Packet#TCP} or another
 * @param endpoints where its connections go, in kube-proxy's order
 * @param affinitySeconds how long a client stays with its endpoint; 0 without affinity
 */
public record Service(
    int address, int port, int protocol, List<Endpoint> endpoints, int affinitySeconds) {
  /** An endpoint; address in host order. */
  public record Endpoint(int address, int port) {}

  /** A Service without affinity. */
  public Service(int address, int port, int protocol, List<Endpoint> endpoints) {
    this(address, port, protocol, endpoints, 0);
  }

  /** The same Service with other endpoints. */
  public Service with(List<Endpoint> others) {
    return new Service(address, port, protocol, others, affinitySeconds);
  }
}
