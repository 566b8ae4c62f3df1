package dev.conntrail.dataplane;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One port of a Service with its endpoints ({@code BaseServicePortInfo}, {@code
 * pkg/proxy/serviceport.go}).
 *
 * @param namespace of the Service
 * @param service its name
 * @param portName the port's name; empty for an unnamed one
 * @param protocol TCP, UDP or SCTP, in upper case
 * @param clusterIp its cluster IP
 * @param port its port
 * @param nodePort its NodePort, 0 if it has none
 * @param externalIps {@code spec.externalIPs} of this family
 * @param loadBalancerVips {@code status.loadBalancer.ingress} in VIP mode
 * @param sourceRanges {@code spec.loadBalancerSourceRanges}; empty when everything is allowed
 * @param affinitySeconds ClientIP affinity, 0 for none
 * @param healthCheckNodePort 0 if it has none
 * @param externalLocal externalTrafficPolicy Local
 * @param internalLocal internalTrafficPolicy Local
 * @param endpoints all of them, sorted by the text {@code ip:port}
 */
public record ServicePort(
    String namespace,
    String service,
    String portName,
    String protocol,
    String clusterIp,
    int port,
    int nodePort,
    List<String> externalIps,
    List<String> loadBalancerVips,
    List<Cidr> sourceRanges,
    int affinitySeconds,
    int healthCheckNodePort,
    boolean externalLocal,
    boolean internalLocal,
    List<Endpoint> endpoints) {

  public ServicePort {
    externalIps = List.copyOf(externalIps);
    loadBalancerVips = List.copyOf(loadBalancerVips);
    sourceRanges = List.copyOf(sourceRanges);
    endpoints = endpoints.stream().sorted(java.util.Comparator.comparing(Endpoint::text)).toList();
  }

  /** A plain ClusterIP Service with one unnamed TCP port. */
  public static ServicePort clusterIp(
      String namespace, String service, String ip, int port, List<Endpoint> endpoints) {
    return new ServicePort(
        namespace, service, "", "TCP", ip, port, 0, List.of(), List.of(), List.of(), 0, 0, false,
        false, endpoints);
  }

  /**
   * The ports that a partial sync leaves alone: those of Services of which no port has changed
   * ({@code skipServiceUpdate}).
   */
  static Set<ServicePort> ofUnchangedServices(List<ServicePort> before, List<ServicePort> after) {
    Map<String, Set<ServicePort>> old = byService(before);
    return byService(after).entrySet().stream()
        .filter(e -> e.getValue().equals(old.get(e.getKey())))
        .flatMap(e -> e.getValue().stream())
        .collect(Collectors.toSet());
  }

  private static Map<String, Set<ServicePort>> byService(List<ServicePort> ports) {
    return ports.stream()
        .collect(Collectors.groupingBy(s -> s.namespace + "/" + s.service, Collectors.toSet()));
  }

  /** {@code ns/name:port}, or {@code ns/name} for an unnamed port. */
  public String nameText() {
    return namespace + "/" + service + (portName.isEmpty() ? "" : ":" + portName);
  }

  String protocolLower() {
    return protocol.toLowerCase(Locale.ROOT);
  }

  boolean affinity() {
    return affinitySeconds > 0;
  }

  boolean externallyAccessible() {
    return nodePort != 0 || !loadBalancerVips.isEmpty() || !externalIps.isEmpty();
  }

  boolean usesClusterEndpoints() {
    return !internalLocal || externallyAccessible();
  }

  boolean usesLocalEndpoints() {
    return internalLocal || (externalLocal && externallyAccessible());
  }
}
