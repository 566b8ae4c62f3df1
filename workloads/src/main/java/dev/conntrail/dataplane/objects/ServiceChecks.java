package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.spec.Named;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the API server would take a Service, as far as rules depend on it ({@code
 * ValidateService}, {@code pkg/apis/core/validation/validation.go}).
 */
final class ServiceChecks {
  private static final List<String> TYPES =
      List.of("", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
  private static final List<String> POLICIES = List.of("", "Cluster", "Local");
  private static final int A_DAY = 86_400;

  private final RawObject object;
  private final Service service;
  private final ServiceSpec spec;
  private final Field at;

  private ServiceChecks(RawObject object, Service service) {
    this.object = object;
    this.service = service;
    this.spec = service.getSpec();
    this.at = object.field("spec");
  }

  /**
   * Checks a Service.
   *
   * @throws ObjectsException at the first field that does not do
   */
  static void check(RawObject object, Service service) {
    if (service.getMetadata() == null) {
      throw object.field("metadata").refuse(null, "a map with the object's name");
    }
    if (service.getSpec() == null) {
      throw object.field("spec").refuse(null, "a map with clusterIP and ports");
    }
    ServiceChecks checks = new ServiceChecks(object, service);
    object.field("metadata.name").label(service.getMetadata().getName());
    object.field("metadata.namespace").label(Defaults.namespace(service.getMetadata()));
    checks.words();
    checks.clusterIps();
    checks.ports();
    checks.ofTypes();
    checks.external();
  }

  private void words() {
    at.field("type").oneOf(spec.getType(), TYPES);
    at.field("externalTrafficPolicy").oneOf(spec.getExternalTrafficPolicy(), POLICIES);
    at.field("internalTrafficPolicy").oneOf(spec.getInternalTrafficPolicy(), POLICIES);
    at.field("sessionAffinity").oneOf(spec.getSessionAffinity(), List.of("", "None", "ClientIP"));
    if (spec.getSessionAffinityConfig() != null
        && spec.getSessionAffinityConfig().getClientIP() != null
        && spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds() != null) {
      at.field("sessionAffinityConfig.clientIP.timeoutSeconds")
          .number(spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds(), 1, A_DAY);
    }
    if (spec.getHealthCheckNodePort() != null) {
      at.field("healthCheckNodePort").number(spec.getHealthCheckNodePort(), 0, Field.LAST_PORT);
    }
  }

  /** {@code ValidateServiceClusterIPsRelatedFields}. */
  private void clusterIps() {
    List<String> families = Defaults.list(spec.getIpFamilies());
    for (int i = 0; i < families.size(); i++) {
      at.field("ipFamilies").item(i).oneOf(families.get(i), Named.words(IpFamily.class));
    }
    refuseSecond(at.field("ipFamilies"), families);
    List<String> ips = Defaults.clusterIps(spec);
    for (int i = 0; i < ips.size(); i++) {
      Field field = clusterIp(at, spec, i);
      if (i < families.size()) {
        field.address(ips.get(i), Defaults.family(families.get(i)));
      } else {
        field.address(ips.get(i));
      }
    }
    refuseSecond(at.field("clusterIPs"), ips.stream().map(IpFamily::of).toList());
    if (!ips.isEmpty() && !ips.getFirst().equals(spec.getClusterIP())) {
      throw clusterIp(at, spec, 0)
          .refuse(ips.getFirst(), "clusterIP, " + Found.text(spec.getClusterIP()));
    }
  }

  /** Where a cluster IP stands: the primary one need not be in the list. */
  static Field clusterIp(Field at, ServiceSpec spec, int index) {
    return Defaults.list(spec.getClusterIPs()).isEmpty()
        ? at.field("clusterIP")
        : at.field("clusterIPs").item(index);
  }

  private static void refuseSecond(Field field, List<?> values) {
    if (new HashSet<>(values).size() < values.size()) {
      throw field.refuseAs("a family twice", "one of each family");
    }
  }

  /** {@code validateServicePort}. */
  private void ports() {
    List<ServicePort> ports = Defaults.list(spec.getPorts());
    if (ports.isEmpty() && !Defaults.clusterIps(spec).isEmpty()) {
      throw at.field("ports").refuseAs("no port", "at least one");
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      ServicePort port = ports.get(i);
      Field field = at.field("ports").item(i);
      String name = Defaults.text(port.getName());
      if (ports.size() > 1 || !name.isEmpty()) {
        field.field("name").label(name);
      }
      field.field("protocol").oneOf(port.getProtocol(), Field.PROTOCOLS);
      field.field("port").number(port.getPort(), 1, Field.LAST_PORT);
      if (port.getNodePort() != null) {
        field.field("nodePort").number(port.getNodePort(), 0, Field.LAST_PORT);
      }
      if (!names.add(name)) {
        throw field.field("name").refuseAs(Found.text(name) + " a second time", "each name once");
      }
      String number = Defaults.protocol(port.getProtocol()) + " " + port.getPort();
      if (!numbers.add(number)) {
        throw field.refuseAs(number + " a second time", "each protocol and port once");
      }
    }
  }

  /** What only some types of Services may have. */
  private void ofTypes() {
    String type = Defaults.type(spec);
    List<ServicePort> ports = Defaults.list(spec.getPorts());
    for (int i = 0; i < ports.size(); i++) {
      refuseUnless(
          !type.equals("ClusterIP") || Defaults.number(ports.get(i).getNodePort()) == 0,
          at.field("ports").item(i).field("nodePort"),
          ports.get(i).getNodePort(),
          "none with type ClusterIP");
    }
    refuseUnless(
        type.equals("LoadBalancer") || Defaults.list(spec.getLoadBalancerSourceRanges()).isEmpty(),
        at.field("loadBalancerSourceRanges"),
        spec.getLoadBalancerSourceRanges(),
        "none but with type LoadBalancer");
    refuseUnless(
        Defaults.external(spec) || Defaults.text(spec.getExternalTrafficPolicy()).isEmpty(),
        at.field("externalTrafficPolicy"),
        spec.getExternalTrafficPolicy(),
        "none but with type NodePort or LoadBalancer, or with externalIPs");
    refuseUnless(
        Defaults.number(spec.getHealthCheckNodePort()) == 0
            || (type.equals("LoadBalancer") && "Local".equals(spec.getExternalTrafficPolicy())),
        at.field("healthCheckNodePort"),
        spec.getHealthCheckNodePort(),
        "none but with type LoadBalancer and externalTrafficPolicy Local");
  }

  private static void refuseUnless(boolean holds, Field field, Object found, String allowed) {
    if (!holds) {
      throw field.refuse(found, allowed);
    }
  }

  private void external() {
    List<String> ips = Defaults.list(spec.getExternalIPs());
    for (int i = 0; i < ips.size(); i++) {
      Field field = at.field("externalIPs").item(i);
      field.reachable(ips.get(i), field.address(ips.get(i)));
    }
    List<String> ranges = Defaults.list(spec.getLoadBalancerSourceRanges());
    for (int i = 0; i < ranges.size(); i++) {
      if (Cidr.parse(ranges.get(i).strip()).isEmpty()) {
        throw at.field("loadBalancerSourceRanges")
            .item(i)
            .refuse(ranges.get(i), "a range such as 10.0.0.0/8");
      }
    }
    if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
      return;
    }
    var ingress = Defaults.list(service.getStatus().getLoadBalancer().getIngress());
    for (int i = 0; i < ingress.size(); i++) {
      Field field = object.field("status.loadBalancer.ingress").item(i);
      if (!Defaults.text(ingress.get(i).getIp()).isEmpty()) {
        field.field("ip").address(ingress.get(i).getIp());
      }
      field.field("ipMode").oneOf(ingress.get(i).getIpMode(), List.of("", "VIP", "Proxy"));
    }
  }
}
