package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.spec.KubeProxy;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The endpoints of service ports, of one IP family ({@code endpointInfoByServicePort}, {@code
 * pkg/proxy/endpointslicecache.go}). Slices were checked.
 */
final class EndpointsMap {
  private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

  private final IpFamily family;
  private final String node;
  private final KubeProxy version;
  private final Map<ServicePortName, Map<String, Endpoint>> endpoints = new LinkedHashMap<>();

  private EndpointsMap(IpFamily family, String node, KubeProxy version) {
    this.family = family;
    this.node = node;
    this.version = version;
  }

  /** Gathers endpoints. */
  static EndpointsMap of(
      List<EndpointSlice> slices, IpFamily family, String node, KubeProxy version) {
    EndpointsMap map = new EndpointsMap(family, node, version);
    slices.forEach(map::add);
    return map;
  }

  /** The endpoints of a service port. */
  List<Endpoint> of(ServicePortName port) {
    return List.copyOf(endpoints.getOrDefault(port, Map.of()).values());
  }

  private void add(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    String service = labels == null ? "" : Defaults.text(labels.get(SERVICE_NAME_LABEL));
    if (service.isEmpty() || !family.word().equals(slice.getAddressType())) {
      return;
    }
    for (EndpointPort port : Defaults.list(slice.getPorts())) {
      if (port.getPort() == null || port.getPort() == 0) {
        continue;
      }
      ServicePortName name =
          new ServicePortName(
              Defaults.namespace(slice.getMetadata()),
              service,
              Defaults.text(port.getName()),
              Defaults.protocol(port.getProtocol()));
      Map<String, Endpoint> ofPort = endpoints.computeIfAbsent(name, _ -> new LinkedHashMap<>());
      for (var e : Defaults.list(slice.getEndpoints())) {
        Endpoint endpoint = endpoint(e, port.getPort());
        ofPort.merge(endpoint.text(), endpoint, (old, fresh) -> replaces(fresh) ? fresh : old);
      }
    }
  }

  /** Whether one is kept in the place of one with the same address ({@code addEndpoints}). */
  private boolean replaces(Endpoint fresh) {
    return switch (version) {
      case V1_34 -> fresh.node().equals(node);
      case V1_37 -> !fresh.terminating();
    };
  }

  private static Endpoint endpoint(
      io.fabric8.kubernetes.api.model.discovery.v1.Endpoint e, int port) {
    var conditions = e.getConditions();
    var hints = e.getHints();
    Set<String> zones =
        hints == null
            ? Set.of()
            : Defaults.list(hints.getForZones()).stream()
                .map(ForZone::getName)
                .collect(Collectors.toSet());
    Set<String> nodes =
        hints == null
            ? Set.of()
            : Defaults.list(hints.getForNodes()).stream()
                .map(ForNode::getName)
                .collect(Collectors.toSet());
    return new Endpoint(
        Cidr.printed(e.getAddresses().getFirst()),
        port,
        Defaults.text(e.getNodeName()),
        conditions == null || !Boolean.FALSE.equals(conditions.getReady()),
        conditions == null || !Boolean.FALSE.equals(conditions.getServing()),
        conditions != null && Boolean.TRUE.equals(conditions.getTerminating()),
        zones,
        nodes);
  }
}
