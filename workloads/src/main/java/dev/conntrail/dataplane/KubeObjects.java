package dev.conntrail.dataplane;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Services and EndpointSlices as {@code kubectl get services,endpointslices -A -o yaml} prints
 * them, turned into what kube-proxy keeps ({@code serviceToServiceMap} and {@code
 * endpointInfoByServicePort}, {@code pkg/proxy}).
 */
public final class KubeObjects {
  private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

  private record Key(String namespace, String service, String port, String protocol) {}

  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();

  private KubeObjects() {}

  /**
   * Reads YAML or JSON: one object, several documents, or a List.
   *
   * @throws IllegalArgumentException if it is not that, or holds neither Services nor
   *     EndpointSlices
   */
  public static KubeObjects parse(String file, String text) {
    KubeObjects objects = new KubeObjects();
    try {
      Object read = new KubernetesSerialization().unmarshal(text);
      objects.add(read);
    } catch (RuntimeException e) {
      String why = Objects.toString(e.getMessage(), e.toString()).lines().findFirst().orElse("");
      throw new IllegalArgumentException(
          file + ": not Kubernetes objects in YAML or JSON: " + why, e);
    }
    if (objects.services.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + ": found no Service; allowed: the output of `kubectl get services,endpointslices -A -o yaml`");
    }
    return objects;
  }

  private void add(Object read) {
    switch (read) {
      case null -> {}
      case Service s -> services.add(s);
      case EndpointSlice s -> slices.add(s);
      case KubernetesResourceList<?> list -> list.getItems().forEach(this::add);
      case Collection<?> many -> many.forEach(this::add);
      case GenericKubernetesResource _ -> {}
      case HasMetadata _ -> {}
      default -> throw new IllegalArgumentException("found " + read.getClass().getSimpleName());
    }
  }

  /**
   * The service ports of one IP family, in the order of the objects.
   *
   * @param node of two endpoints with the same address, the one on this node is kept
   */
  public List<ServicePort> servicePorts(IpFamily family, String node) {
    Map<Key, Map<String, Endpoint>> endpoints = endpoints(family, node);
    Map<Key, ServicePort> ports = new LinkedHashMap<>();
    for (Service service : services) {
      clusterIp(service, family)
          .ifPresent(ip -> {
            for (var port : orEmpty(service.getSpec().getPorts())) {
              Key key =
                  new Key(
                      service.getMetadata().getNamespace(),
                      service.getMetadata().getName(),
                      text(port.getName()),
                      protocol(port.getProtocol()));
              Collection<Endpoint> eps = endpoints.getOrDefault(key, Map.of()).values();
              ports.put(key, servicePort(service, port, key, ip, family, List.copyOf(eps)));
            }
          });
    }
    return List.copyOf(ports.values());
  }

  private static ServicePort servicePort(
      Service service,
      io.fabric8.kubernetes.api.model.ServicePort port,
      Key key,
      String clusterIp,
      IpFamily family,
      List<Endpoint> endpoints) {
    ServiceSpec spec = service.getSpec();
    boolean loadBalancer = "LoadBalancer".equals(spec.getType());
    boolean external =
        loadBalancer
            || "NodePort".equals(spec.getType())
            || ("ClusterIP".equals(spec.getType()) && !orEmpty(spec.getExternalIPs()).isEmpty());
    boolean externalLocal = external && "Local".equals(spec.getExternalTrafficPolicy());
    List<Cidr> ranges =
        orEmpty(spec.getLoadBalancerSourceRanges()).stream()
            .map(r -> Cidr.parse(r.trim()))
            .flatMap(Optional::stream)
            .filter(c -> c.family() == family)
            .toList();
    if (ranges.stream().anyMatch(c -> c.length() == 0)) {
      ranges = List.of();
    }
    return new ServicePort(
        key.namespace(),
        key.service(),
        key.port(),
        key.protocol(),
        clusterIp,
        port.getPort(),
        port.getNodePort() == null ? 0 : port.getNodePort(),
        orEmpty(spec.getExternalIPs()).stream().flatMap(ip -> address(ip, family)).toList(),
        loadBalancerVips(service, family),
        ranges,
        affinitySeconds(spec),
        loadBalancer && externalLocal && spec.getHealthCheckNodePort() != null
            ? spec.getHealthCheckNodePort()
            : 0,
        externalLocal,
        "Local".equals(spec.getInternalTrafficPolicy()),
        endpoints);
  }

  private static List<String> loadBalancerVips(Service service, IpFamily family) {
    if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
      return List.of();
    }
    List<LoadBalancerIngress> ingress = orEmpty(service.getStatus().getLoadBalancer().getIngress());
    return ingress.stream()
        .filter(i -> i.getIp() != null && (i.getIpMode() == null || i.getIpMode().equals("VIP")))
        .flatMap(i -> address(i.getIp(), family))
        .toList();
  }

  private static int affinitySeconds(ServiceSpec spec) {
    if (!"ClientIP".equals(spec.getSessionAffinity())) {
      return 0;
    }
    return Optional.ofNullable(spec.getSessionAffinityConfig())
        .map(c -> c.getClientIP())
        .map(c -> c.getTimeoutSeconds())
        .orElse(10800);
  }

  /** The cluster IP of a family; empty for headless and ExternalName Services. */
  private static Optional<String> clusterIp(Service service, IpFamily family) {
    ServiceSpec spec = service.getSpec();
    if (spec == null
        || spec.getClusterIP() == null
        || spec.getClusterIP().isEmpty()
        || spec.getClusterIP().equals("None")
        || "ExternalName".equals(spec.getType())) {
      return Optional.empty();
    }
    if (orEmpty(spec.getIpFamilies()).isEmpty()) {
      return Optional.of(spec.getClusterIP()).filter(ip -> IpFamily.of(ip) == family);
    }
    int index = spec.getIpFamilies().indexOf(family == IpFamily.IPV4 ? "IPv4" : "IPv6");
    return index < 0 || index >= orEmpty(spec.getClusterIPs()).size()
        ? Optional.empty()
        : Optional.of(spec.getClusterIPs().get(index));
  }

  private Map<Key, Map<String, Endpoint>> endpoints(IpFamily family, String node) {
    Map<Key, Map<String, Endpoint>> found = new LinkedHashMap<>();
    String type = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    for (EndpointSlice slice : slices) {
      Map<String, String> labels = slice.getMetadata().getLabels();
      String service = labels == null ? null : labels.get(SERVICE_NAME_LABEL);
      if (service == null || service.isEmpty() || !type.equals(slice.getAddressType())) {
        continue;
      }
      for (EndpointPort port : orEmpty(slice.getPorts())) {
        if (port.getPort() == null || port.getPort() == 0) {
          continue;
        }
        Key key =
            new Key(
                slice.getMetadata().getNamespace(),
                service,
                text(port.getName()),
                protocol(port.getProtocol()));
        Map<String, Endpoint> ofPort = found.computeIfAbsent(key, _ -> new LinkedHashMap<>());
        for (var e : orEmpty(slice.getEndpoints())) {
          if (!orEmpty(e.getAddresses()).isEmpty()) {
            Endpoint endpoint = endpoint(e, port.getPort());
            ofPort.merge(
                endpoint.text(), endpoint, (old, fresh) -> fresh.node().equals(node) ? fresh : old);
          }
        }
      }
    }
    return found;
  }

  private static Endpoint endpoint(
      io.fabric8.kubernetes.api.model.discovery.v1.Endpoint e, int port) {
    var conditions = e.getConditions();
    boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
    boolean serving = conditions == null || !Boolean.FALSE.equals(conditions.getServing());
    boolean terminating = conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
    EndpointHints hints = e.getHints();
    Set<String> zones =
        hints == null
            ? Set.of()
            : orEmpty(hints.getForZones()).stream()
                .map(ForZone::getName)
                .collect(Collectors.toSet());
    Set<String> nodes =
        hints == null
            ? Set.of()
            : orEmpty(hints.getForNodes()).stream()
                .map(ForNode::getName)
                .collect(Collectors.toSet());
    String raw = e.getAddresses().getFirst();
    String ip =
        Cidr.address(raw)
            .map(InetAddress::getHostAddress)
            .filter(_ -> raw.indexOf(':') < 0)
            .orElse(raw);
    return new Endpoint(ip, port, text(e.getNodeName()), ready, serving, terminating, zones, nodes);
  }

  private static java.util.stream.Stream<String> address(String ip, IpFamily family) {
    return Cidr.address(ip).stream().filter(_ -> IpFamily.of(ip) == family).map(_ -> ip);
  }

  /** A list that is {@code null} in the YAML arrives as null. */
  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static String text(String s) {
    return s == null ? "" : s;
  }

  private static String protocol(String p) {
    return p == null ? "TCP" : p;
  }
}
