package dev.conntrail.dataplane;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What ipvs mode has on a node once it has gone through the Services ({@code syncProxyRules},
 * {@code pkg/proxy/ipvs/proxier.go}): entries of sets, addresses of the dummy interface, virtual
 * servers.
 */
final class IpvsState {
  /** kube-proxy's scheduler unless {@code --ipvs-scheduler} says otherwise. */
  private static final String DEFAULT_SCHEDULER = "rr";

  /** How the name of a virtual server of TCP begins. */
  static final String TCP = "-t ";

  private static final String UDP = "-u ";
  private static final String SCTP = "--sctp-service ";

  /** A virtual server: its options, and the endpoints behind it. */
  record VirtualServer(String options, List<String> endpoints) {
    /** The line of {@code ipvsadm -R} that makes the server. */
    String add(String name) {
      return "-A " + name + " " + options + "\n";
    }

    /** The line that gives a server that is there these options. */
    String edit(String name) {
      return "-E " + name + " " + options + "\n";
    }

    /** The line that adds an endpoint. */
    static String addEndpoint(String name, String endpoint) {
      return "-a " + name + " -r " + endpoint + " -m -w 1\n";
    }
  }

  private final ProxyConfig config;
  private final String scheduler;
  private final Map<IpSet, Set<String>> entries = new EnumMap<>(IpSet.class);
  private final Set<String> addresses = new LinkedHashSet<>();
  private final Map<String, VirtualServer> servers = new LinkedHashMap<>();
  private final StringBuilder outFilter = new StringBuilder();

  private IpvsState(ProxyConfig config, String scheduler) {
    this.config = config;
    this.scheduler = scheduler.isEmpty() ? DEFAULT_SCHEDULER : scheduler;
    for (IpSet set : IpSet.values()) {
      entries.put(set, new LinkedHashSet<>());
    }
  }

  /** The state after a sync. */
  static IpvsState of(List<ServicePort> services, ProxyConfig config, String scheduler) {
    IpvsState state = new IpvsState(config, scheduler);
    services.forEach(state::add);
    return state;
  }

  Set<String> entries(IpSet set) {
    return entries.get(set);
  }

  boolean has(IpSet set) {
    return !entries.get(set).isEmpty();
  }

  Set<String> addresses() {
    return addresses;
  }

  /** Virtual servers by their names, such as {@code -t 10.96.0.10:53}. */
  Map<String, VirtualServer> servers() {
    return servers;
  }

  /** Rules of KUBE-IPVS-OUT-FILTER, a line each. */
  String outFilter() {
    return outFilter.toString();
  }

  /** Input for {@code ipset restore}. */
  String ipset() {
    return entries.keySet().stream()
            .map(s -> s.create(config.family()) + "\n")
            .collect(Collectors.joining())
        + entries.entrySet().stream()
            .flatMap(e ->
                e.getValue().stream()
                    .map(v -> "add " + e.getKey().name(config.family()) + " " + v + "\n"))
            .collect(Collectors.joining());
  }

  /** Input for {@code ipvsadm -R}. */
  String ipvsadm() {
    StringBuilder ipvsadm = new StringBuilder();
    servers.forEach((name, server) -> {
      ipvsadm.append(server.add(name));
      server.endpoints().forEach(e -> ipvsadm.append(VirtualServer.addEndpoint(name, e)));
    });
    return ipvsadm.toString();
  }

  private void add(ServicePort s) {
    EndpointChoice eps = EndpointChoice.of(s, config);
    addLoopBack(s);
    address(s.clusterIp());
    put(IpSet.CLUSTER_IP, entry(s, s.clusterIp()));
    server(s, s.clusterIp(), s.port(), endpoints(eps, s.internalLocal()));
    List<Endpoint> external = endpoints(eps, s.externalLocal());
    for (String ip : s.externalIps()) {
      address(ip);
      put(s.externalLocal() ? IpSet.EXTERNAL_IP_LOCAL : IpSet.EXTERNAL_IP, entry(s, ip));
      server(s, ip, s.port(), external);
    }
    for (String vip : s.loadBalancerVips()) {
      addLoadBalancer(s, vip);
      server(s, vip, s.port(), external);
    }
    if (s.nodePort() != 0) {
      addNodePort(s, external);
    }
    if (s.healthCheckNodePort() != 0) {
      put(IpSet.HEALTH_CHECK_NODE_PORT, Integer.toString(s.healthCheckNodePort()));
    }
  }

  /** {@code syncEndpoint}: policy Local without a local endpoint falls back to all. */
  private static List<Endpoint> endpoints(EndpointChoice eps, boolean localOnly) {
    return localOnly && !eps.local().isEmpty() ? eps.local() : eps.cluster();
  }

  /** Local endpoints, which may connect to their own Service, ready or not. */
  private void addLoopBack(ServicePort s) {
    s.endpoints().stream()
        .filter(config::isHere)
        .forEach(e ->
            put(IpSet.LOOP_BACK, e.ip() + "," + s.protocolLower() + ":" + e.port() + "," + e.ip()));
  }

  private void addLoadBalancer(ServicePort s, String vip) {
    address(vip);
    String entry = entry(s, vip);
    put(IpSet.LOAD_BALANCER, entry);
    if (s.externalLocal()) {
      put(IpSet.LOAD_BALANCER_LOCAL, entry);
    }
    if (s.sourceRanges().isEmpty()) {
      return;
    }
    put(IpSet.LOAD_BALANCER_FW, entry);
    s.sourceRanges().forEach(range -> put(IpSet.LOAD_BALANCER_SOURCE_CIDR, entry + "," + range));
    if (s.sourceRanges().stream().anyMatch(config::allowsNode)) {
      put(IpSet.LOAD_BALANCER_SOURCE_IP, entry + "," + vip);
    } else {
      outFilter
          .append("-A KUBE-IPVS-OUT-FILTER -s ")
          .append(vip)
          .append(" -m ipvs --vaddr ")
          .append(vip)
          .append(" --vproto ")
          .append(s.protocolLower())
          .append(" --vport ")
          .append(s.port())
          .append(" -j DROP\n");
    }
  }

  private void addNodePort(ServicePort s, List<Endpoint> endpoints) {
    String port = Integer.toString(s.nodePort());
    switch (s.protocol()) {
      case "TCP" -> putNodePort(s, port, IpSet.NODE_PORT_TCP, IpSet.NODE_PORT_LOCAL_TCP);
      case "UDP" -> putNodePort(s, port, IpSet.NODE_PORT_UDP, IpSet.NODE_PORT_LOCAL_UDP);
      default ->
          config
              .nodeIps()
              .forEach(ip ->
                  putNodePort(
                      s, ip + ",sctp:" + port, IpSet.NODE_PORT_SCTP, IpSet.NODE_PORT_LOCAL_SCTP));
    }
    config.nodeIps().forEach(ip -> server(s, ip, s.nodePort(), endpoints));
  }

  private void putNodePort(ServicePort s, String entry, IpSet all, IpSet local) {
    put(all, entry);
    if (s.externalLocal()) {
      put(local, entry);
    }
  }

  /** What stands before the address of a virtual server of a protocol. */
  static String option(String protocol) {
    return switch (protocol) {
      case "TCP" -> TCP;
      case "UDP" -> UDP;
      default -> SCTP;
    };
  }

  private void server(ServicePort s, String ip, int port, List<Endpoint> endpoints) {
    String options =
        "-s "
            + scheduler
            + (s.affinity() ? " -p " + s.affinitySeconds() : "")
            + (scheduler.equals("mh") ? " -b mh-port" : "");
    servers.put(
        option(s.protocol()) + Endpoint.text(ip, port),
        new VirtualServer(options, endpoints.stream().map(Endpoint::text).toList()));
  }

  private void address(String ip) {
    addresses.add(ip);
    put(IpSet.IPVS_IPS, ip);
  }

  private static String entry(ServicePort s, String ip) {
    return ip + "," + s.protocolLower() + ":" + s.port();
  }

  private void put(IpSet set, String entry) {
    entries.get(set).add(entry);
  }
}
