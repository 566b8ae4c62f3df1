package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.dataplane.ServicePort;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The service ports of one IP family ({@code serviceToServiceMap} and {@code newBaseServiceInfo},
 * {@code pkg/proxy/serviceport.go}). Services were checked.
 */
final class ServiceMap {
  private static final int AFFINITY_SECONDS = 10_800;

  private final IpFamily family;
  private final EndpointsMap endpoints;

  private ServiceMap(IpFamily family, EndpointsMap endpoints) {
    this.family = family;
    this.endpoints = endpoints;
  }

  /** The service ports, in the order of the Services. */
  static List<ServicePort> of(List<Service> services, IpFamily family, EndpointsMap endpoints) {
    ServiceMap map = new ServiceMap(family, endpoints);
    Map<ServicePortName, ServicePort> ports = new LinkedHashMap<>();
    for (Service service : services) {
      map.clusterIp(service.getSpec())
          .ifPresent(ip -> {
            for (var port : Defaults.list(service.getSpec().getPorts())) {
              ServicePortName name =
                  new ServicePortName(
                      Defaults.namespace(service.getMetadata()),
                      service.getMetadata().getName(),
                      Defaults.text(port.getName()),
                      Defaults.protocol(port.getProtocol()));
              ports.put(name, map.servicePort(service, port, name, ip));
            }
          });
    }
    return List.copyOf(ports.values());
  }

  /** The cluster IP of the family. */
  private Optional<String> clusterIp(ServiceSpec spec) {
    List<String> ips = Defaults.clusterIps(spec);
    if (Defaults.list(spec.getIpFamilies()).isEmpty()) {
      return ips.stream().limit(1).filter(ip -> IpFamily.of(ip) == family).findFirst();
    }
    int index = spec.getIpFamilies().indexOf(family.word());
    return index < 0 || index >= ips.size() ? Optional.empty() : Optional.of(ips.get(index));
  }

  private ServicePort servicePort(
      Service service,
      io.fabric8.kubernetes.api.model.ServicePort port,
      ServicePortName name,
      String clusterIp) {
    ServiceSpec spec = service.getSpec();
    boolean externalLocal =
        Defaults.external(spec) && "Local".equals(spec.getExternalTrafficPolicy());
    boolean healthCheck = externalLocal && Defaults.type(spec).equals("LoadBalancer");
    return new ServicePort(
        name.namespace(),
        name.service(),
        name.port(),
        name.protocol(),
        Cidr.printed(clusterIp),
        port.getPort(),
        Defaults.number(port.getNodePort()),
        ofFamily(Defaults.list(spec.getExternalIPs()).stream()),
        loadBalancerVips(service),
        sourceRanges(spec),
        affinitySeconds(spec),
        healthCheck ? Defaults.number(spec.getHealthCheckNodePort()) : 0,
        externalLocal,
        "Local".equals(spec.getInternalTrafficPolicy()),
        endpoints.of(name));
  }

  private List<String> ofFamily(Stream<String> addresses) {
    return addresses.filter(ip -> IpFamily.of(ip) == family).map(Cidr::printed).toList();
  }

  private List<String> loadBalancerVips(Service service) {
    if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
      return List.of();
    }
    return ofFamily(
        Defaults.list(service.getStatus().getLoadBalancer().getIngress()).stream()
            .filter(i -> i.getIpMode() == null || i.getIpMode().equals("VIP"))
            .map(LoadBalancerIngress::getIp)
            .filter(ip -> !Defaults.text(ip).isEmpty()));
  }

  /** Ranges of the family; none if one of them is everything. */
  private List<Cidr> sourceRanges(ServiceSpec spec) {
    List<Cidr> ranges =
        Defaults.list(spec.getLoadBalancerSourceRanges()).stream()
            .map(r -> Cidr.parse(r.strip()))
            .flatMap(Optional::stream)
            .filter(c -> c.family() == family)
            .toList();
    return ranges.stream().anyMatch(c -> c.length() == 0) ? List.of() : ranges;
  }

  private static int affinitySeconds(ServiceSpec spec) {
    if (!"ClientIP".equals(spec.getSessionAffinity())) {
      return 0;
    }
    return Optional.ofNullable(spec.getSessionAffinityConfig())
        .map(c -> c.getClientIP())
        .map(c -> c.getTimeoutSeconds())
        .orElse(AFFINITY_SECONDS);
  }
}
