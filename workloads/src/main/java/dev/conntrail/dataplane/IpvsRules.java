package dev.conntrail.dataplane;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What kube-proxy 1.34 programs in ipvs mode, IPv4 ({@code pkg/proxy/ipvs/proxier.go}, {@code
 * syncProxyRules}, {@code writeIptablesRules}; {@code ipset.go}): the addresses of kube-ipvs0,
 * virtual and real servers, ipsets, a fixed number of iptables rules, sysctls. A pure function.
 *
 * @param sysctls names under {@code /proc/sys}, with their values
 * @param addresses of the dummy interface {@value #INTERFACE}
 * @param ipset input for {@code ipset restore}
 * @param iptables input for {@code iptables-restore --noflush}; names the sets, so load them first
 * @param ipvsadm input for {@code ipvsadm -R}
 */
public record IpvsRules(
    Map<String, String> sysctls,
    List<String> addresses,
    String ipset,
    String iptables,
    String ipvsadm) {
  /** The interface that makes Service addresses local, so that packets meet ipvs in LOCAL_IN. */
  public static final String INTERFACE = "kube-ipvs0";

  /** kube-proxy's scheduler unless {@code --ipvs-scheduler} says otherwise. */
  private static final String DEFAULT_SCHEDULER = "rr";

  /** {@code setSysctls} of the ipvs proxier, for kernels from 5.9 on. */
  private static final Map<String, String> SYSCTLS =
      Map.of(
          "net/ipv4/vs/conntrack", "1",
          "net/ipv4/vs/expire_nodest_conn", "1",
          "net/ipv4/vs/expire_quiescent_template", "1",
          "net/ipv4/ip_forward", "1");

  /** {@code ipsetInfo}: sets, their types and the comments of their rules. */
  private enum IpSet {
    LOOP_BACK(
        "KUBE-LOOP-BACK",
        "hash:ip,port,ip",
        "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
    CLUSTER_IP(
        "KUBE-CLUSTER-IP",
        "hash:ip,port",
        "Kubernetes service cluster ip + port for masquerade purpose"),
    EXTERNAL_IP(
        "KUBE-EXTERNAL-IP",
        "hash:ip,port",
        "Kubernetes service external ip + port for masquerade and filter purpose"),
    EXTERNAL_IP_LOCAL(
        "KUBE-EXTERNAL-IP-LOCAL",
        "hash:ip,port",
        "Kubernetes service external ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER("KUBE-LOAD-BALANCER", "hash:ip,port", "Kubernetes service lb portal"),
    LOAD_BALANCER_LOCAL(
        "KUBE-LOAD-BALANCER-LOCAL",
        "hash:ip,port",
        "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER_FW(
        "KUBE-LOAD-BALANCER-FW",
        "hash:ip,port",
        "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
    LOAD_BALANCER_SOURCE_IP(
        "KUBE-LOAD-BALANCER-SOURCE-IP",
        "hash:ip,port,ip",
        "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
    LOAD_BALANCER_SOURCE_CIDR(
        "KUBE-LOAD-BALANCER-SOURCE-CIDR",
        "hash:ip,port,net",
        "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
    NODE_PORT_TCP(
        "KUBE-NODE-PORT-TCP", "bitmap:port", "Kubernetes nodeport TCP port for masquerade purpose"),
    NODE_PORT_LOCAL_TCP(
        "KUBE-NODE-PORT-LOCAL-TCP",
        "bitmap:port",
        "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
    NODE_PORT_UDP(
        "KUBE-NODE-PORT-UDP", "bitmap:port", "Kubernetes nodeport UDP port for masquerade purpose"),
    NODE_PORT_LOCAL_UDP(
        "KUBE-NODE-PORT-LOCAL-UDP",
        "bitmap:port",
        "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
    NODE_PORT_SCTP(
        "KUBE-NODE-PORT-SCTP-HASH",
        "hash:ip,port",
        "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
    NODE_PORT_LOCAL_SCTP(
        "KUBE-NODE-PORT-LOCAL-SCTP-HASH",
        "hash:ip,port",
        "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
    HEALTH_CHECK_NODE_PORT(
        "KUBE-HEALTH-CHECK-NODE-PORT", "bitmap:port", "Kubernetes health check node port"),
    IPVS_IPS("KUBE-IPVS-IPS", "hash:ip", "");

    private final String set;
    private final String type;
    private final String comment;

    IpSet(String set, String type, String comment) {
      this.set = set;
      this.type = type;
      this.comment = comment;
    }

    /** The line that makes the set. */
    String create() {
      return "create "
          + set
          + " "
          + type
          + (type.equals("bitmap:port")
              ? " range 0-65535"
              : " family inet hashsize 1024 maxelem 65536");
    }
  }

  public IpvsRules {
    sysctls = Map.copyOf(sysctls);
    addresses = List.copyOf(addresses);
  }

  /** All of it, for these Services. */
  public static IpvsRules of(List<ServicePort> services, ProxyConfig config, String scheduler) {
    Builder builder = new Builder(config, scheduler);
    services.forEach(builder::add);
    return builder.build();
  }

  /** The same after an edit of the virtual and real servers. */
  IpvsRules edited(UnaryOperator<String> edit) {
    return new IpvsRules(sysctls, addresses, ipset, iptables, edit.apply(ipvsadm));
  }

  /** All of it as one text, for people and for the record. */
  public String text() {
    StringBuilder text = new StringBuilder();
    sysctls.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e ->
            text.append("# sysctl ")
                .append(e.getKey().replace('/', '.'))
                .append('=')
                .append(e.getValue())
                .append('\n'));
    text.append("# ip link add ").append(INTERFACE).append(" type dummy\n");
    addresses.forEach(a ->
        text.append("# ip addr add ").append(a).append("/32 dev ").append(INTERFACE).append('\n'));
    return text.append("# ipset restore\n")
        .append(ipset)
        .append("# iptables-restore --noflush\n")
        .append(iptables)
        .append("# ipvsadm -R\n")
        .append(ipvsadm)
        .toString();
  }

  /**
   * What a sync changes, when Services have changed ({@code syncService}, {@code syncEndpoint},
   * {@code graceful_termination.go}).
   *
   * @param ipset input for {@code ipset restore}
   * @param iptables input for {@code iptables-restore --noflush}; names the sets
   * @param ipvsadm input for {@code ipvsadm -R}
   */
  public record Sync(String ipset, String iptables, String ipvsadm) {}

  /**
   * The sync from one state to another of Services whose addresses stay.
   *
   * @param dying real servers at weight 0 from syncs before, {@code server endpoint}; brought up to
   *     date
   * @param graceful whether a removed endpoint's real server stays at weight 0, as kube-proxy has
   *     it while there are connections; else it is deleted
   */
  public static Sync sync(
      List<ServicePort> before,
      List<ServicePort> after,
      ProxyConfig config,
      String scheduler,
      Set<String> dying,
      boolean graceful) {
    Builder old = new Builder(config, scheduler);
    Builder now = new Builder(config, scheduler);
    before.forEach(old::add);
    after.forEach(now::add);
    if (!old.servers.keySet().equals(now.servers.keySet())) {
      throw new IllegalArgumentException("the addresses of Services must stay");
    }
    StringBuilder ipset = new StringBuilder();
    for (IpSet set : IpSet.values()) {
      difference(old.entries.get(set), now.entries.get(set))
          .forEach(e -> ipset.append("del ").append(set.set).append(' ').append(e).append('\n'));
      difference(now.entries.get(set), old.entries.get(set))
          .forEach(e -> ipset.append("add ").append(set.set).append(' ').append(e).append('\n'));
    }
    StringBuilder ipvsadm = new StringBuilder();
    now.servers.forEach((name, server) -> {
      List<String> had = old.servers.get(name).endpoints();
      for (String e : difference(server.endpoints(), had)) {
        if (dying.remove(name + " " + e)) {
          ipvsadm.append("-d ").append(name).append(" -r ").append(e).append('\n');
        }
        ipvsadm.append(addEndpoint(name, e));
      }
      for (String e : difference(had, server.endpoints())) {
        ipvsadm
            .append(graceful ? "-e " : "-d ")
            .append(name)
            .append(" -r ")
            .append(e)
            .append(graceful ? " -m -w 0\n" : "\n");
        if (graceful) {
          dying.add(name + " " + e);
        }
      }
    });
    return new Sync(
        ipset.toString(), IptablesRules.withoutJumps(now.iptables()), ipvsadm.toString());
  }

  private static List<String> difference(Collection<String> all, Collection<String> without) {
    return all.stream().filter(e -> !without.contains(e)).toList();
  }

  /** A virtual server: its options, and the endpoints behind it. */
  private record VirtualServer(String options, List<String> endpoints) {}

  private static String addServer(String name, VirtualServer server) {
    return "-A " + name + " " + server.options() + "\n";
  }

  private static String addEndpoint(String name, String endpoint) {
    return "-a " + name + " -r " + endpoint + " -m -w 1\n";
  }

  /** Gathers entries, then writes. */
  private static final class Builder {
    private final ProxyConfig config;
    private final String scheduler;
    private final Map<IpSet, Set<String>> entries = new LinkedHashMap<>();
    private final Set<String> addresses = new LinkedHashSet<>();
    private final Map<String, VirtualServer> servers = new LinkedHashMap<>();
    private final StringBuilder outFilter = new StringBuilder();

    Builder(ProxyConfig config, String scheduler) {
      this.config = config;
      this.scheduler = scheduler.isEmpty() ? DEFAULT_SCHEDULER : scheduler;
      for (IpSet set : IpSet.values()) {
        entries.put(set, new LinkedHashSet<>());
      }
    }

    private void put(IpSet set, String entry) {
      entries.get(set).add(entry);
    }

    void add(ServicePort s) {
      EndpointChoice eps = EndpointChoice.of(s, config);
      String protocol = s.protocolLower();
      s.endpoints().stream()
          .filter(e -> !config.node().isEmpty() && e.node().equals(config.node()))
          .filter(e -> e.ready() || e.draining())
          .forEach(
              e -> put(IpSet.LOOP_BACK, e.ip() + "," + protocol + ":" + e.port() + "," + e.ip()));
      address(s.clusterIp());
      put(IpSet.CLUSTER_IP, entry(s, s.clusterIp()));
      server(s, s.clusterIp(), s.port(), endpoints(eps, s.internalLocal()));
      for (String ip : s.externalIps()) {
        address(ip);
        put(s.externalLocal() ? IpSet.EXTERNAL_IP_LOCAL : IpSet.EXTERNAL_IP, entry(s, ip));
        server(s, ip, s.port(), endpoints(eps, s.externalLocal()));
      }
      for (String vip : s.loadBalancerVips()) {
        loadBalancer(s, vip);
        server(s, vip, s.port(), endpoints(eps, s.externalLocal()));
      }
      if (s.nodePort() != 0) {
        nodePort(s, endpoints(eps, s.externalLocal()));
      }
      if (s.healthCheckNodePort() != 0) {
        put(IpSet.HEALTH_CHECK_NODE_PORT, Integer.toString(s.healthCheckNodePort()));
      }
    }

    /** {@code syncEndpoint}: policy Local without a local endpoint falls back to all. */
    private static List<Endpoint> endpoints(EndpointChoice eps, boolean localOnly) {
      return localOnly && !eps.local().isEmpty() ? eps.local() : eps.cluster();
    }

    private void address(String ip) {
      addresses.add(ip);
      put(IpSet.IPVS_IPS, ip);
    }

    private static String entry(ServicePort s, String ip) {
      return ip + "," + s.protocolLower() + ":" + s.port();
    }

    private void loadBalancer(ServicePort s, String vip) {
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
            .append(" -m ipvs --vproto ")
            .append(s.protocol())
            .append(" --vaddr ")
            .append(vip)
            .append(" --vport ")
            .append(s.port())
            .append(" -j DROP\n");
      }
    }

    private void nodePort(ServicePort s, List<Endpoint> endpoints) {
      String port = Integer.toString(s.nodePort());
      switch (s.protocol()) {
        case "TCP" -> {
          put(IpSet.NODE_PORT_TCP, port);
          if (s.externalLocal()) {
            put(IpSet.NODE_PORT_LOCAL_TCP, port);
          }
        }
        case "UDP" -> {
          put(IpSet.NODE_PORT_UDP, port);
          if (s.externalLocal()) {
            put(IpSet.NODE_PORT_LOCAL_UDP, port);
          }
        }
        default ->
            nodeIps()
                .forEach(ip -> {
                  put(IpSet.NODE_PORT_SCTP, ip + ",sctp:" + port);
                  if (s.externalLocal()) {
                    put(IpSet.NODE_PORT_LOCAL_SCTP, ip + ",sctp:" + port);
                  }
                });
      }
      nodeIps().forEach(ip -> server(s, ip, s.nodePort(), endpoints));
    }

    private List<String> nodeIps() {
      return config.nodeIps().stream().filter(ip -> IpFamily.of(ip) == IpFamily.IPV4).toList();
    }

    private void server(ServicePort s, String ip, int port, List<Endpoint> endpoints) {
      String option =
          switch (s.protocol()) {
            case "TCP" -> "-t ";
            case "UDP" -> "-u ";
            default -> "--sctp-service ";
          };
      String options =
          "-s "
              + scheduler
              + (s.affinity() ? " -p " + s.affinitySeconds() : "")
              + (scheduler.equals("mh") ? " -b mh-port" : "");
      servers.put(
          option + ip + ":" + port,
          new VirtualServer(options, endpoints.stream().map(Endpoint::text).toList()));
    }

    IpvsRules build() {
      String ipset =
          entries.keySet().stream().map(s -> s.create() + "\n").collect(Collectors.joining())
              + entries.entrySet().stream()
                  .flatMap(
                      e -> e.getValue().stream().map(v -> "add " + e.getKey().set + " " + v + "\n"))
                  .collect(Collectors.joining());
      StringBuilder ipvsadm = new StringBuilder();
      servers.forEach((name, server) -> {
        ipvsadm.append(addServer(name, server));
        server.endpoints().forEach(e -> ipvsadm.append(addEndpoint(name, e)));
      });
      return new IpvsRules(
          SYSCTLS, new ArrayList<>(addresses), ipset, iptables(), ipvsadm.toString());
    }

    private boolean has(IpSet set) {
      return !entries.get(set).isEmpty();
    }

    /** {@code writeIptablesRules}, with the jumps from built-in chains in the order found. */
    private String iptables() {
      List<String> nat = new ArrayList<>();
      nat.add("-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES");
      nat.add("-A OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES");
      nat.add(
          "-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING");
      nat.add("-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN");
      if (has(IpSet.LOOP_BACK)) {
        nat.add("-A KUBE-POSTROUTING " + match(IpSet.LOOP_BACK, "dst,dst,src") + "-j MASQUERADE");
      }
      if (has(IpSet.LOAD_BALANCER)) {
        nat.add(
            "-A KUBE-SERVICES " + match(IpSet.LOAD_BALANCER, "dst,dst") + "-j KUBE-LOAD-BALANCER");
        if (has(IpSet.LOAD_BALANCER_LOCAL)) {
          nat.add(
              "-A KUBE-LOAD-BALANCER " + match(IpSet.LOAD_BALANCER_LOCAL, "dst,dst") + "-j RETURN");
        }
      }
      if (has(IpSet.CLUSTER_IP)) {
        nat.add("-A KUBE-SERVICES " + clusterIpMark() + "-j KUBE-MARK-MASQ");
      }
      if (has(IpSet.EXTERNAL_IP)) {
        nat.add("-A KUBE-SERVICES " + match(IpSet.EXTERNAL_IP, "dst,dst") + "-j KUBE-MARK-MASQ");
        external(nat, IpSet.EXTERNAL_IP);
      }
      if (has(IpSet.EXTERNAL_IP_LOCAL)) {
        external(nat, IpSet.EXTERNAL_IP_LOCAL);
      }
      nat.add("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT");
      nodePorts(nat);
      nat.add("-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ");
      for (IpSet set : List.of(IpSet.CLUSTER_IP, IpSet.LOAD_BALANCER)) {
        if (has(set)) {
          nat.add("-A KUBE-SERVICES -m set --match-set " + set.set + " dst,dst -j ACCEPT");
        }
      }
      String mark = ProxyConfig.MASQUERADE_MARK;
      nat.add("-A KUBE-POSTROUTING -m mark ! --mark " + mark + "/" + mark + " -j RETURN");
      nat.add("-A KUBE-POSTROUTING -j MARK --xor-mark " + mark);
      nat.add(
          "-A KUBE-POSTROUTING -m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully");
      nat.add("-A KUBE-MARK-MASQ -j MARK --or-mark " + mark);
      return table(
              "nat",
              List.of(
                  "KUBE-SERVICES",
                  "KUBE-POSTROUTING",
                  "KUBE-NODE-PORT",
                  "KUBE-LOAD-BALANCER",
                  "KUBE-MARK-MASQ"),
              nat)
          + table(
              "filter",
              List.of(
                  "KUBE-FORWARD",
                  "KUBE-NODE-PORT",
                  "KUBE-PROXY-FIREWALL",
                  "KUBE-SOURCE-RANGES-FIREWALL",
                  "KUBE-IPVS-FILTER",
                  "KUBE-IPVS-OUT-FILTER"),
              filter());
    }

    private String clusterIpMark() {
      if (config.masqueradeAll()) {
        return match(IpSet.CLUSTER_IP, "dst,dst");
      }
      return config
          .clusterCidr(IpFamily.IPV4)
          .map(cidr -> match(IpSet.CLUSTER_IP, "dst,dst") + "! -s " + cidr + " ")
          .orElse(match(IpSet.CLUSTER_IP, "src,dst"));
    }

    private static void external(List<String> nat, IpSet set) {
      String match = "-A KUBE-SERVICES " + match(set, "dst,dst");
      nat.add(match + "-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT");
      nat.add(match + "-m addrtype --dst-type LOCAL -j ACCEPT");
    }

    private void nodePorts(List<String> nat) {
      record Kind(String protocol, IpSet local, IpSet all, String direction) {}
      for (Kind kind :
          List.of(
              new Kind("tcp", IpSet.NODE_PORT_LOCAL_TCP, IpSet.NODE_PORT_TCP, "dst"),
              new Kind("udp", IpSet.NODE_PORT_LOCAL_UDP, IpSet.NODE_PORT_UDP, "dst"),
              new Kind("sctp", IpSet.NODE_PORT_LOCAL_SCTP, IpSet.NODE_PORT_SCTP, "dst,dst"))) {
        String rule = "-A KUBE-NODE-PORT -p " + kind.protocol() + " ";
        if (has(kind.local())) {
          nat.add(rule + match(kind.local(), kind.direction()) + "-j RETURN");
        }
        if (has(kind.all())) {
          nat.add(rule + match(kind.all(), kind.direction()) + "-j KUBE-MARK-MASQ");
        }
      }
    }

    private List<String> filter() {
      List<String> rules = new ArrayList<>();
      rules.add(
          "-A INPUT -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-FILTER");
      rules.add(
          "-A INPUT -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL");
      rules.add(
          "-A INPUT -m comment --comment \"kubernetes health check rules\" -j KUBE-NODE-PORT");
      rules.add(
          "-A FORWARD -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL");
      rules.add("-A FORWARD -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD");
      rules.add(
          "-A OUTPUT -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-OUT-FILTER");
      if (has(IpSet.LOAD_BALANCER_FW)) {
        rules.add(
            "-A KUBE-PROXY-FIREWALL "
                + match(IpSet.LOAD_BALANCER_FW, "dst,dst")
                + "-j KUBE-SOURCE-RANGES-FIREWALL");
      }
      for (IpSet set : List.of(IpSet.LOAD_BALANCER_SOURCE_CIDR, IpSet.LOAD_BALANCER_SOURCE_IP)) {
        if (has(set)) {
          rules.add("-A KUBE-SOURCE-RANGES-FIREWALL " + match(set, "dst,dst,src") + "-j RETURN");
        }
      }
      rules.add("-A KUBE-SOURCE-RANGES-FIREWALL -j DROP");
      outFilter.toString().lines().forEach(rules::add);
      String mark = ProxyConfig.MASQUERADE_MARK;
      rules.add(
          "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark "
              + mark
              + "/"
              + mark
              + " -j ACCEPT");
      rules.add(
          "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
      rules.add("-A KUBE-NODE-PORT " + match(IpSet.HEALTH_CHECK_NODE_PORT, "dst") + "-j ACCEPT");
      for (IpSet set :
          List.of(
              IpSet.LOAD_BALANCER, IpSet.CLUSTER_IP, IpSet.EXTERNAL_IP, IpSet.EXTERNAL_IP_LOCAL)) {
        rules.add("-A KUBE-IPVS-FILTER -m set --match-set " + set.set + " dst,dst -j RETURN");
      }
      rules.add(
          "-A KUBE-IPVS-FILTER -m set --match-set "
              + IpSet.HEALTH_CHECK_NODE_PORT.set
              + " dst -j RETURN");
      rules.add(
          "-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set "
              + IpSet.IPVS_IPS.set
              + " dst -j REJECT");
      return rules;
    }

    private static String match(IpSet set, String direction) {
      return "-m comment --comment \""
          + set.comment
          + "\" -m set --match-set "
          + set.set
          + " "
          + direction
          + " ";
    }

    private static String table(String name, List<String> chains, List<String> rules) {
      return "*"
          + name
          + "\n"
          + chains.stream().map(c -> ":" + c + " - [0:0]\n").collect(Collectors.joining())
          + String.join("\n", rules)
          + "\nCOMMIT\n";
    }
  }
}
