package dev.conntrail.dataplane;

import java.util.Set;

/**
 * An endpoint of a service port ({@code BaseEndpointInfo}, {@code pkg/proxy/endpoint.go}).
 *
 * @param ip its address
 * @param port its port
 * @param node the node it runs on; empty if unknown
 * @param ready ready and not terminating, or published regardless
 * @param serving ready, terminating or not
 * @param terminating has a deletion timestamp
 * @param zoneHints zones that should use it; empty if none are given
 * @param nodeHints nodes that should use it; empty if none are given
 */
public record Endpoint(
    String ip,
    int port,
    String node,
    boolean ready,
    boolean serving,
    boolean terminating,
    Set<String> zoneHints,
    Set<String> nodeHints) {

  public Endpoint {
    zoneHints = Set.copyOf(zoneHints);
    nodeHints = Set.copyOf(nodeHints);
  }

  /** A ready endpoint without hints. */
  public static Endpoint ready(String ip, int port, String node) {
    return new Endpoint(ip, port, node, true, true, false, Set.of(), Set.of());
  }

  /** One whose pod was told to end and serves for now, without hints. */
  public static Endpoint terminating(String ip, int port, String node) {
    return new Endpoint(ip, port, node, false, true, true, Set.of(), Set.of());
  }

  /**
   * The same, hinted for the zone that it is in, as the EndpointSlice controller does it for a
   * Service with {@code trafficDistribution: PreferSameZone} ({@code
   * k8s.io/endpointslice/trafficdist}).
   */
  public Endpoint forZone(String zone) {
    return new Endpoint(ip, port, node, ready, serving, terminating, Set.of(zone), nodeHints);
  }

  /**
   * {@code ip:port}, with brackets around an IPv6 address, as Go's {@code net.JoinHostPort} writes
   * it.
   */
  public String text() {
    return text(ip, port);
  }

  /** Any address and port, written so. */
  static String text(String ip, int port) {
    return (IpFamily.of(ip) == IpFamily.IPV6 ? "[" + ip + "]" : ip) + ":" + port;
  }

  boolean draining() {
    return serving && terminating;
  }
}
