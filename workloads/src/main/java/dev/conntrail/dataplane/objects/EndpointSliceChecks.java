package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.IpFamily;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the API server would take an EndpointSlice, as far as rules depend on it ({@code
 * ValidateEndpointSlice}, {@code pkg/apis/discovery/validation/validation.go}).
 */
final class EndpointSliceChecks {
  private EndpointSliceChecks() {}

  /**
   * Checks a slice.
   *
   * @throws ObjectsException at the first field that does not do
   */
  static void check(RawObject object, EndpointSlice slice) {
    if (slice.getMetadata() == null) {
      throw object.field("metadata").refuse(null, "a map with the object's name");
    }
    object.field("metadata.name").subdomain(slice.getMetadata().getName());
    object.field("metadata.namespace").label(Defaults.namespace(slice.getMetadata()));
    object.field("addressType").oneOf(slice.getAddressType(), List.of("IPv4", "IPv6", "FQDN"));
    ports(object, Defaults.list(slice.getPorts()));
    List<Endpoint> endpoints = Defaults.list(slice.getEndpoints());
    for (int i = 0; i < endpoints.size(); i++) {
      endpoint(object.field("endpoints").item(i), endpoints.get(i), slice.getAddressType());
    }
  }

  /** {@code validatePorts}. The API server takes any number; nothing could be sent to it. */
  private static void ports(RawObject object, List<EndpointPort> ports) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      EndpointPort port = ports.get(i);
      Field field = object.field("ports").item(i);
      String name = Defaults.text(port.getName());
      if (!name.isEmpty()) {
        field.field("name").label(name);
      }
      if (!names.add(name)) {
        throw field.field("name").refuseAs(Found.text(name) + " a second time", "each name once");
      }
      field.field("protocol").oneOf(port.getProtocol(), Field.PROTOCOLS);
      if (port.getPort() != null) {
        field.field("port").number(port.getPort(), 0, Field.LAST_PORT);
      }
    }
  }

  /** {@code validateEndpoints}. */
  private static void endpoint(Field field, Endpoint endpoint, String addressType) {
    List<String> addresses = Defaults.list(endpoint.getAddresses());
    if (addresses.isEmpty()) {
      throw field.field("addresses").refuseAs("no address", "at least one");
    }
    if (!addressType.equals("FQDN")) {
      IpFamily family = Defaults.family(addressType);
      for (int i = 0; i < addresses.size(); i++) {
        Field at = field.field("addresses").item(i);
        at.reachable(addresses.get(i), at.address(addresses.get(i), family));
      }
    }
    if (endpoint.getHints() != null) {
      var zones = Defaults.list(endpoint.getHints().getForZones());
      for (int i = 0; i < zones.size(); i++) {
        field.field("hints.forZones").item(i).field("name").present(zones.get(i).getName());
      }
      var nodes = Defaults.list(endpoint.getHints().getForNodes());
      for (int i = 0; i < nodes.size(); i++) {
        field.field("hints.forNodes").item(i).field("name").present(nodes.get(i).getName());
      }
    }
  }
}
