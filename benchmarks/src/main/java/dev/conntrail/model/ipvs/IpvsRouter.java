package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * What ipvs does with the first packet of a connection ({@code ip_vs_schedule}, {@code
 * net/netfilter/ipvs/ip_vs_core.c}): finds the virtual server, asks its scheduler, or, where it is
 * persistent, first the template of the client ({@code ip_vs_sched_persist}). A virtual server
 * without a usable real server refuses ({@code ip_vs_leave}).
 *
 * <p>Left out: the fixed iptables rules and ipset lookups of kube-proxy's ipvs mode, which each
 * first packet meets besides; their number does not depend on the Services.
 */
public final class IpvsRouter implements Router {
  private final ServiceTable services;
  private final ConnectionTable connections;

  /** A router over tables that it shares with nobody. */
  public IpvsRouter(ServiceTable services, ConnectionTable connections) {
    this.services = services;
    this.connections = connections;
  }

  /** Programs a Service as kube-proxy does: a virtual server, its endpoints with weight 1. */
  public VirtualServer add(Service service, Scheduler.Kind scheduler) {
    VirtualServer made =
        new VirtualServer(
            service.protocol(),
            service.address(),
            service.port(),
            service.affinitySeconds(),
            scheduler.make());
    service.endpoints().forEach(e -> made.add(new RealServer(e.address(), e.port(), 1)));
    services.add(made);
    return made;
  }

  /**
   * Makes a virtual server's real servers those of a list: adds what is new, removes the rest.
   *
   * @return real servers that were added or removed
   */
  public int sync(VirtualServer server, List<Service.Endpoint> endpoints) {
    List<Service.Endpoint> missing = new ArrayList<>(endpoints);
    int changes = 0;
    for (RealServer real : server.servers()) {
      if (!missing.remove(new Service.Endpoint(real.address, real.port))) {
        server.remove(real);
        changes++;
      }
    }
    missing.forEach(e -> server.add(new RealServer(e.address(), e.port(), 1)));
    return changes + missing.size();
  }

  @Override
  public int route(Packet packet) {
    VirtualServer service =
        services.find(packet.protocol, packet.destination, packet.destinationPort);
    if (service == null) {
      return PASSED;
    }
    RealServer server =
        service.persistenceSeconds > 0
            ? persistent(service, packet)
            : service.scheduler.schedule(service, packet);
    if (server == null) {
      return REJECTED;
    }
    packet.endpoint = server.address;
    packet.endpointPort = server.port;
    return TRANSLATED;
  }

  /**
   * {@code ip_vs_check_template}: a template whose real server is gone, or drains while {@code
   * expire_quiescent_template} is set as kube-proxy sets it, counts no more.
   */
  private RealServer persistent(VirtualServer service, Packet packet) {
    int template =
        connections.find(packet.source, 0, service.address, service.port, service.protocol);
    if (template != ConnectionTable.NONE) {
      RealServer known = connections.server(template);
      if (known.available && known.usable()) {
        connections.refresh(template, service.persistenceSeconds);
        return known;
      }
      connections.expire(template);
    }
    RealServer server = service.scheduler.schedule(service, packet);
    if (server != null) {
      connections.add(
          packet.source,
          0,
          service.address,
          service.port,
          service.protocol,
          server,
          service.persistenceSeconds);
    }
    return server;
  }
}
