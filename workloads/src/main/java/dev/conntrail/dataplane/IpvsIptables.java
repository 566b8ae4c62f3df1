package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The iptables rules of ipvs mode ({@code writeIptablesRules}, {@code pkg/proxy/ipvs/proxier.go}):
 * their number does not grow with the Services, for they ask sets. Jumps from built-in chains are
 * in the order in which they are found.
 */
final class IpvsIptables {
  private static final String MARK = MASQUERADE_MARK + "/" + MASQUERADE_MARK;

  private final IpvsState state;
  private final ProxyConfig config;
  private final List<String> nat = new ArrayList<>();
  private final List<String> filter = new ArrayList<>();

  private IpvsIptables(IpvsState state, ProxyConfig config) {
    this.state = state;
    this.config = config;
  }

  /** Input for {@code iptables-restore --noflush}, or of IPv6 for {@code ip6tables-restore}. */
  static String text(IpvsState state, ProxyConfig config) {
    IpvsIptables rules = new IpvsIptables(state, config);
    rules.writeNat();
    rules.writeFilter();
    return table(
            "nat",
            List.of(
                "KUBE-SERVICES",
                "KUBE-POSTROUTING",
                "KUBE-NODE-PORT",
                "KUBE-LOAD-BALANCER",
                "KUBE-MARK-MASQ"),
            rules.nat)
        + table(
            "filter",
            List.of(
                "KUBE-FORWARD",
                "KUBE-NODE-PORT",
                "KUBE-PROXY-FIREWALL",
                "KUBE-SOURCE-RANGES-FIREWALL",
                "KUBE-IPVS-FILTER",
                "KUBE-IPVS-OUT-FILTER"),
            rules.filter);
  }

  private void writeNat() {
    nat.add("-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES");
    nat.add("-A OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES");
    nat.add(
        "-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING");
    nat.add("-A KUBE-SERVICES -s " + config.family().localhost + " -j RETURN");
    writeServices();
    nat.add("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT");
    writeNodePorts();
    nat.add("-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ");
    for (IpSet set : List.of(IpSet.CLUSTER_IP, IpSet.LOAD_BALANCER)) {
      if (state.has(set)) {
        nat.add("-A KUBE-SERVICES " + bareMatch(set, "dst,dst") + "-j ACCEPT");
      }
    }
    nat.add("-A KUBE-POSTROUTING -m mark ! --mark " + MARK + " -j RETURN");
    nat.add("-A KUBE-POSTROUTING -j MARK --xor-mark " + MASQUERADE_MARK);
    nat.add(
        "-A KUBE-POSTROUTING -m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully");
    nat.add("-A KUBE-MARK-MASQ -j MARK --or-mark " + MASQUERADE_MARK);
  }

  /** Marks and accepts what goes to the addresses of Services. */
  private void writeServices() {
    if (state.has(IpSet.LOOP_BACK)) {
      nat.add("-A KUBE-POSTROUTING " + match(IpSet.LOOP_BACK, "dst,dst,src") + "-j MASQUERADE");
    }
    if (state.has(IpSet.LOAD_BALANCER)) {
      nat.add(
          "-A KUBE-SERVICES " + match(IpSet.LOAD_BALANCER, "dst,dst") + "-j KUBE-LOAD-BALANCER");
      if (state.has(IpSet.LOAD_BALANCER_LOCAL)) {
        nat.add(
            "-A KUBE-LOAD-BALANCER " + match(IpSet.LOAD_BALANCER_LOCAL, "dst,dst") + "-j RETURN");
      }
    }
    if (state.has(IpSet.CLUSTER_IP)) {
      nat.add("-A KUBE-SERVICES " + clusterIpMark() + "-j KUBE-MARK-MASQ");
    }
    if (state.has(IpSet.EXTERNAL_IP)) {
      nat.add("-A KUBE-SERVICES " + match(IpSet.EXTERNAL_IP, "dst,dst") + "-j KUBE-MARK-MASQ");
      writeExternal(IpSet.EXTERNAL_IP);
    }
    if (state.has(IpSet.EXTERNAL_IP_LOCAL)) {
      writeExternal(IpSet.EXTERNAL_IP_LOCAL);
    }
  }

  private String clusterIpMark() {
    if (config.masqueradeAll()) {
      return match(IpSet.CLUSTER_IP, "dst,dst");
    }
    return config
        .clusterCidr()
        .map(cidr -> match(IpSet.CLUSTER_IP, "dst,dst") + "! -s " + cidr + " ")
        .orElse(match(IpSet.CLUSTER_IP, "src,dst"));
  }

  private void writeExternal(IpSet set) {
    String match = "-A KUBE-SERVICES " + match(set, "dst,dst");
    nat.add(match + "-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT");
    nat.add(match + "-m addrtype --dst-type LOCAL -j ACCEPT");
  }

  private void writeNodePorts() {
    record Kind(String protocol, IpSet local, IpSet all, String direction) {}
    for (Kind kind :
        List.of(
            new Kind("tcp", IpSet.NODE_PORT_LOCAL_TCP, IpSet.NODE_PORT_TCP, "dst"),
            new Kind("udp", IpSet.NODE_PORT_LOCAL_UDP, IpSet.NODE_PORT_UDP, "dst"),
            new Kind("sctp", IpSet.NODE_PORT_LOCAL_SCTP, IpSet.NODE_PORT_SCTP, "dst,dst"))) {
      String rule = "-A KUBE-NODE-PORT -p " + kind.protocol() + " ";
      if (state.has(kind.local())) {
        nat.add(rule + match(kind.local(), kind.direction()) + "-j RETURN");
      }
      if (state.has(kind.all())) {
        nat.add(rule + match(kind.all(), kind.direction()) + "-j KUBE-MARK-MASQ");
      }
    }
  }

  private void writeFilter() {
    filter.add(
        "-A INPUT -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-FILTER");
    filter.add(
        "-A INPUT -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL");
    filter.add("-A INPUT -m comment --comment \"kubernetes health check rules\" -j KUBE-NODE-PORT");
    filter.add(
        "-A FORWARD -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL");
    filter.add("-A FORWARD -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD");
    filter.add(
        "-A OUTPUT -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-OUT-FILTER");
    writeSourceRanges();
    filter.add(
        "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark "
            + MARK
            + " -j ACCEPT");
    filter.add(
        "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    filter.add("-A KUBE-NODE-PORT " + match(IpSet.HEALTH_CHECK_NODE_PORT, "dst") + "-j ACCEPT");
    writeAccess();
  }

  /** {@code loadBalancerSourceRanges}. */
  private void writeSourceRanges() {
    if (state.has(IpSet.LOAD_BALANCER_FW)) {
      filter.add(
          "-A KUBE-PROXY-FIREWALL "
              + match(IpSet.LOAD_BALANCER_FW, "dst,dst")
              + "-j KUBE-SOURCE-RANGES-FIREWALL");
    }
    for (IpSet set : List.of(IpSet.LOAD_BALANCER_SOURCE_CIDR, IpSet.LOAD_BALANCER_SOURCE_IP)) {
      if (state.has(set)) {
        filter.add("-A KUBE-SOURCE-RANGES-FIREWALL " + match(set, "dst,dst,src") + "-j RETURN");
      }
    }
    filter.add("-A KUBE-SOURCE-RANGES-FIREWALL -j DROP");
    state.outFilter().lines().forEach(filter::add);
  }

  /** Other ports of the addresses that ipvs makes local are closed. */
  private void writeAccess() {
    for (IpSet set :
        List.of(
            IpSet.LOAD_BALANCER, IpSet.CLUSTER_IP, IpSet.EXTERNAL_IP, IpSet.EXTERNAL_IP_LOCAL)) {
      filter.add("-A KUBE-IPVS-FILTER " + bareMatch(set, "dst,dst") + "-j RETURN");
    }
    filter.add(
        "-A KUBE-IPVS-FILTER " + bareMatch(IpSet.HEALTH_CHECK_NODE_PORT, "dst") + "-j RETURN");
    filter.add(
        "-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW "
            + bareMatch(IpSet.IPVS_IPS, "dst")
            + "-j REJECT");
  }

  private String match(IpSet set, String direction) {
    return set.match(config.family(), direction);
  }

  private String bareMatch(IpSet set, String direction) {
    return set.bareMatch(config.family(), direction);
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
