package dev.conntrail.dataplane.objects;

import dev.conntrail.dataplane.IpFamily;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.spec.KubeProxy;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services and EndpointSlices as {@code kubectl get services,endpointslices -A -o yaml} prints
 * them, turned into what kube-proxy keeps. Objects of other kinds are passed over.
 */
public final class KubeObjects {
  /** What makes a file that does. */
  public static final String ALLOWED =
      "the output of `kubectl get services,endpointslices -A -o yaml`";

  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** Whose a cluster IP or a NodePort is. */
  private final Map<String, String> owners = new HashMap<>();

  private KubeObjects() {}

  /**
   * Reads YAML or JSON: one object, several documents, or a List.
   *
   * @param file its name, for messages
   * @throws ObjectsException if it is not that, or holds no Service, or an object that the API
   *     server would not take
   */
  public static KubeObjects parse(String file, byte[] bytes) {
    KubeObjects objects = new KubeObjects();
    ObjectsFile.read(file, bytes).forEach(objects::add);
    if (objects.services.isEmpty()) {
      throw ObjectsException.of(file, "no Service", ALLOWED);
    }
    return objects;
  }

  /** The same of text. */
  public static KubeObjects parse(String file, String text) {
    return parse(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(RawObject object) {
    switch (object.kind()) {
      case SERVICE -> {
        Service service = TypedObjects.read(object, Service.class);
        ServiceChecks.check(object, service);
        refuseSecond(object);
        refuseTaken(object, service);
        services.add(service);
      }
      case ENDPOINT_SLICE -> {
        EndpointSlice slice = TypedObjects.read(object, EndpointSlice.class);
        EndpointSliceChecks.check(object, slice);
        refuseSecond(object);
        slices.add(slice);
      }
      case OTHER -> {}
    }
  }

  private void refuseSecond(RawObject object) {
    if (!names.add(object.name())) {
      throw object.field("metadata.name").refuseAs("the object a second time", "each object once");
    }
  }

  /** What the API server allocates it gives to one Service alone. */
  private void refuseTaken(RawObject object, Service service) {
    Field spec = object.field("spec");
    List<String> ips = Defaults.clusterIps(service.getSpec());
    for (int i = 0; i < ips.size(); i++) {
      Field field = ServiceChecks.clusterIp(spec, service.getSpec(), i);
      take(object, field, ips.get(i), ips.get(i));
    }
    List<io.fabric8.kubernetes.api.model.ServicePort> ports =
        Defaults.list(service.getSpec().getPorts());
    for (int i = 0; i < ports.size(); i++) {
      Integer nodePort = ports.get(i).getNodePort();
      if (nodePort != null && nodePort != 0) {
        String protocol = Defaults.protocol(ports.get(i).getProtocol());
        take(
            object,
            spec.field("ports").item(i).field("nodePort"),
            protocol + " " + nodePort,
            nodePort);
      }
    }
  }

  private void take(RawObject object, Field field, String what, Object found) {
    String owner = owners.putIfAbsent(what, object.name());
    if (owner != null) {
      throw field.refuseAs(Found.text(found) + ", which " + owner + " has", "one that is free");
    }
  }

  /**
   * The service ports of one IP family, in the order of the objects.
   *
   * @param node of two endpoints with the same address, kube-proxy 1.34 keeps the one on this node
   * @param version 1.37 keeps the one that does not terminate
   */
  public List<ServicePort> servicePorts(IpFamily family, String node, KubeProxy version) {
    return ServiceMap.of(services, family, EndpointsMap.of(slices, family, node, version));
  }
}
