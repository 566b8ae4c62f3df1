package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.RestoreInput.comment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one service port in iptables mode (the loop of {@code syncProxyRules}, {@code
 * pkg/proxy/iptables/proxier.go}).
 */
final class IptablesService {
  private final RestoreInput out;
  private final ProxyConfig config;
  private final boolean largeCluster;
  private final ServicePort s;
  private final String name;
  private final EndpointChoice eps;
  private final String clusterChain;
  private final String localChain;
  private final String externalChain;
  private final String firewallChain;

  /**
   * For one service port.
   *
   * @param largeCluster whether the comments of the endpoint rules are left out
   */
  IptablesService(RestoreInput out, ProxyConfig config, boolean largeCluster, ServicePort service) {
    this.out = out;
    this.config = config;
    this.largeCluster = largeCluster;
    this.s = service;
    this.name = s.nameText();
    this.eps = EndpointChoice.of(s, config);
    this.clusterChain = RuleNames.iptables("KUBE-SVC-", s);
    this.localChain = RuleNames.iptables("KUBE-SVL-", s);
    this.externalChain = RuleNames.iptables("KUBE-EXT-", s);
    this.firewallChain = RuleNames.iptables("KUBE-FW-", s);
  }

  void write() {
    writeClusterIp();
    s.externalIps().forEach(this::writeExternalIp);
    writeLoadBalancer();
    if (s.nodePort() != 0) {
      writeNodePort();
    }
    if (s.healthCheckNodePort() != 0) {
      out.filter(
          "KUBE-NODEPORTS",
          comment(name + " health check node port")
              + "-m tcp -p tcp --dport "
              + s.healthCheckNodePort()
              + " -j ACCEPT");
    }
    writeChains();
  }

  private void writeClusterIp() {
    if (eps.serveInternal(s)) {
      out.nat(
          "KUBE-SERVICES",
          comment(name + " cluster IP") + to(s.clusterIp()) + "-j " + internalChain());
    } else {
      refuse("KUBE-SERVICES", to(s.clusterIp()));
    }
  }

  private String internalChain() {
    return s.internalLocal() ? localChain : clusterChain;
  }

  private void writeExternalIp(String ip) {
    if (eps.any()) {
      out.nat("KUBE-SERVICES", comment(name + " external IP") + to(ip) + "-j " + externalChain);
    }
    if (!eps.serveExternal(s)) {
      refuse("KUBE-EXTERNAL-SERVICES", to(ip));
    }
  }

  private void writeLoadBalancer() {
    for (String vip : s.loadBalancerVips()) {
      if (eps.any()) {
        out.nat(
            "KUBE-SERVICES",
            comment(name + " loadbalancer IP")
                + to(vip)
                + "-j "
                + (usesFirewall() ? firewallChain : externalChain));
      }
      if (usesFirewall()) {
        out.filter(
            "KUBE-PROXY-FIREWALL",
            comment(name + " traffic not accepted by " + firewallChain) + to(vip) + "-j DROP");
      }
    }
    if (!eps.serveExternal(s)) {
      s.loadBalancerVips().forEach(vip -> refuse("KUBE-EXTERNAL-SERVICES", to(vip)));
    }
  }

  private boolean usesFirewall() {
    return eps.any() && !s.loadBalancerVips().isEmpty() && !s.sourceRanges().isEmpty();
  }

  private void writeNodePort() {
    if (eps.any()) {
      String named = "-m comment --comment " + name + " " + protocol();
      if (config.nfacct() && config.family().localhostNodePorts()) {
        out.nat(
            "KUBE-NODEPORTS",
            named
                + "-d "
                + config.family().localhost
                + " --dport "
                + s.nodePort()
                + " -m nfacct --nfacct-name "
                + IptablesRules.NFACCT_COUNTERS.getLast()
                + " -j "
                + externalChain);
      }
      out.nat("KUBE-NODEPORTS", named + "--dport " + s.nodePort() + " -j " + externalChain);
    }
    if (!eps.serveExternal(s)) {
      refuse(
          "KUBE-EXTERNAL-SERVICES",
          "-m addrtype --dst-type LOCAL " + protocol() + "--dport " + s.nodePort() + " ");
    }
  }

  /**
   * What comes to an address without endpoints is told so; what another node could serve is not.
   */
  private void refuse(String chain, String match) {
    out.filter(
        chain,
        comment(name + (eps.any() ? " has no local endpoints" : " has no endpoints"))
            + match
            + "-j "
            + (eps.any() ? "DROP" : "REJECT"));
  }

  private void writeChains() {
    if (eps.serveInternal(s)) {
      markForeign()
          .ifPresent(source ->
              out.nat(
                  internalChain(),
                  comment(name + " cluster IP")
                      + to(s.clusterIp())
                      + source
                      + "-j KUBE-MARK-MASQ"));
    }
    if (eps.any() && s.externallyAccessible()) {
      writeExternalChain();
    }
    if (usesFirewall()) {
      writeFirewallChain();
    }
    if (eps.useCluster(s)) {
      writePolicyChain(clusterChain, eps.cluster());
    }
    if (eps.useLocal(s)) {
      writePolicyChain(localChain, eps.local());
    }
    eps.reachable().forEach(this::writeEndpointChain);
  }

  /**
   * The source match of traffic from outside the pod network, which is masqueraded; empty if none
   * is known.
   */
  private Optional<String> markForeign() {
    return config.masqueradeAll()
        ? Optional.of("")
        : config.clusterCidr().map(c -> "! -s " + c + " ");
  }

  private void writeExternalChain() {
    String destinations = name + " external destinations";
    out.chain(externalChain);
    if (s.externalLocal()) {
      config
          .clusterCidr()
          .ifPresent(cidr ->
              out.nat(
                  externalChain,
                  comment("pod traffic for " + destinations)
                      + "-s "
                      + cidr
                      + " -j "
                      + clusterChain));
      String local = "-m addrtype --src-type LOCAL -j ";
      out.nat(
          externalChain,
          comment("masquerade LOCAL traffic for " + destinations) + local + "KUBE-MARK-MASQ");
      out.nat(
          externalChain, comment("route LOCAL traffic for " + destinations) + local + clusterChain);
    } else {
      out.nat(
          externalChain, comment("masquerade traffic for " + destinations) + "-j KUBE-MARK-MASQ");
    }
    if (eps.serveExternal(s)) {
      out.nat(externalChain, "-j " + (s.externalLocal() ? localChain : clusterChain));
    }
  }

  private void writeFirewallChain() {
    out.chain(firewallChain);
    String from = comment(name + " loadbalancer IP") + "-s ";
    s.sourceRanges()
        .forEach(range -> out.nat(firewallChain, from + range + " -j " + externalChain));
    if (s.sourceRanges().stream().anyMatch(config::allowsNode)) {
      s.loadBalancerVips()
          .forEach(vip -> out.nat(firewallChain, from + vip + " -j " + externalChain));
    }
    out.nat(
        firewallChain,
        "-m comment --comment \"other traffic to "
            + name
            + " will be dropped by KUBE-PROXY-FIREWALL\"");
  }

  /** {@code writeServiceToEndpointRules}. */
  private void writePolicyChain(String chain, List<Endpoint> endpoints) {
    out.chain(chain);
    if (s.affinity()) {
      for (Endpoint e : endpoints) {
        String sep = RuleNames.iptables(s, e);
        out.nat(
            chain,
            towards(e)
                + "-m recent --name "
                + sep
                + " --rcheck --seconds "
                + s.affinitySeconds()
                + " --reap -j "
                + sep);
      }
    }
    int n = endpoints.size();
    for (int i = 0; i < n; i++) {
      Endpoint e = endpoints.get(i);
      String chance =
          i < n - 1 ? "-m statistic --mode random --probability " + probability(n - i) + " " : "";
      out.nat(chain, towards(e) + chance + "-j " + RuleNames.iptables(s, e));
    }
  }

  private void writeEndpointChain(Endpoint e) {
    String chain = RuleNames.iptables(s, e);
    out.chain(chain);
    String named = endpointComment(name);
    out.nat(chain, named + "-s " + e.ip() + " -j KUBE-MARK-MASQ");
    String record = s.affinity() ? "-m recent --name " + chain + " --set " : "";
    out.nat(chain, named + record + protocol() + "-j DNAT --to-destination " + e.text());
  }

  private String towards(Endpoint e) {
    return endpointComment("\"" + name + " -> " + e.text() + "\"");
  }

  private String endpointComment(String text) {
    return largeCluster ? "" : "-m comment --comment " + text + " ";
  }

  private String to(String ip) {
    return protocol() + "-d " + ip + " --dport " + s.port() + " ";
  }

  private String protocol() {
    String p = s.protocolLower();
    return "-m " + p + " -p " + p + " ";
  }

  /**
   * {@code 1/n} as kube-proxy prints it: ten decimals, ties to even ({@code computeProbability}).
   */
  static String probability(int n) {
    return new BigDecimal(1.0 / n).setScale(10, RoundingMode.HALF_EVEN).toPlainString();
  }
}
