package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules of kube-proxy 1.34 in iptables mode ({@code syncProxyRules}, {@code
 * pkg/proxy/iptables/proxier.go}), for {@code iptables-restore --noflush}. kube-proxy makes the
 * jumps from the built-in chains with {@code iptables -I}; here they are part of the text, in the
 * order in which they are then found. The order of Services within the shared chains is that of the
 * input (kube-proxy's is Go's map order: random).
 */
public final class IptablesRules {
  /** kube-proxy's nfacct counters ({@code pkg/proxy/metrics}). */
  public static final List<String> NFACCT_COUNTERS =
      List.of("ct_state_invalid_dropped_pkts", "localhost_nps_accepted_pkts");

  /** Above so many endpoints the comments of the endpoint rules are left out. */
  private static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  private static final Pattern BUILT_IN =
      Pattern.compile("-A (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) ");

  /** Chains of the nat table that hold an entry for each Service. */
  private static final Set<String> SHARED = Set.of("KUBE-SERVICES", "KUBE-NODEPORTS");

  private static final String CT_NEW = "-m conntrack --ctstate NEW ";

  private final ProxyConfig config;
  private final boolean largeCluster;
  private final Set<String> chains = new LinkedHashSet<>();
  private boolean entriesOnly;
  private final StringBuilder filterRules = new StringBuilder();
  private final StringBuilder natChains = new StringBuilder();
  private final StringBuilder natRules = new StringBuilder();

  private IptablesRules(ProxyConfig config, boolean largeCluster) {
    this.config = config;
    this.largeCluster = largeCluster;
  }

  /** The whole restore input. */
  public static String text(List<ServicePort> services, ProxyConfig config) {
    return written(services, List.of(), config).assemble();
  }

  /**
   * The restore input of a partial sync, when Services have changed: the shared chains whole, of
   * the Services' own chains those of the ones that changed, and the removal of chains that are no
   * longer used.
   *
   * @param before the Services as they were last written
   */
  public static String sync(List<ServicePort> before, List<ServicePort> after, ProxyConfig config) {
    IptablesRules rules = written(after, before, config);
    for (String stale : written(before, List.of(), config).chains) {
      if (!rules.chains.contains(stale)) {
        rules.natChains.append(':').append(stale).append(" - [0:0]\n");
        rules.natRules.append("-X ").append(stale).append('\n');
      }
    }
    return withoutJumps(rules.assemble());
  }

  /**
   * Rules of these Services.
   *
   * @param unchanged of these only the entries in shared chains
   */
  private static IptablesRules written(
      List<ServicePort> services, List<ServicePort> unchanged, ProxyConfig config) {
    int endpoints = services.stream().mapToInt(s -> s.endpoints().size()).sum();
    IptablesRules rules = new IptablesRules(config, endpoints > LARGE_CLUSTER_ENDPOINTS);
    Set<ServicePort> kept = new HashSet<>(unchanged);
    rules.writeFixedHead();
    for (ServicePort s : services) {
      rules.entriesOnly = kept.contains(s);
      rules.write(s);
    }
    rules.entriesOnly = false;
    rules.writeFixedTail();
    return rules;
  }

  /** The rules of kube-proxy's own chains: the jumps to them are made once, and stay. */
  static String withoutJumps(String text) {
    return text.lines()
        .filter(l -> !BUILT_IN.matcher(l).lookingAt())
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }

  private String assemble() {
    return "*mangle\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n*filter\n"
        + chains(
            "KUBE-SERVICES",
            "KUBE-EXTERNAL-SERVICES",
            "KUBE-FORWARD",
            "KUBE-NODEPORTS",
            "KUBE-PROXY-FIREWALL",
            "KUBE-FIREWALL",
            "KUBE-PROXY-CANARY")
        + jump("INPUT", CT_NEW, "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL")
        + jump("INPUT", "", "kubernetes health check service ports", "KUBE-NODEPORTS")
        + jump(
            "INPUT",
            CT_NEW,
            "kubernetes externally-visible service portals",
            "KUBE-EXTERNAL-SERVICES")
        + "-A INPUT -j KUBE-FIREWALL\n"
        + jump("FORWARD", CT_NEW, "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL")
        + jump("FORWARD", "", "kubernetes forwarding rules", "KUBE-FORWARD")
        + jump("FORWARD", CT_NEW, "kubernetes service portals", "KUBE-SERVICES")
        + jump(
            "FORWARD",
            CT_NEW,
            "kubernetes externally-visible service portals",
            "KUBE-EXTERNAL-SERVICES")
        + jump("OUTPUT", CT_NEW, "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL")
        + jump("OUTPUT", CT_NEW, "kubernetes service portals", "KUBE-SERVICES")
        + "-A OUTPUT -j KUBE-FIREWALL\n"
        + filterRules
        + "COMMIT\n*nat\n"
        + chains(
            "KUBE-SERVICES",
            "KUBE-NODEPORTS",
            "KUBE-POSTROUTING",
            "KUBE-MARK-MASQ",
            "KUBE-PROXY-CANARY")
        + natChains
        + jump("PREROUTING", "", "kubernetes service portals", "KUBE-SERVICES")
        + jump("OUTPUT", "", "kubernetes service portals", "KUBE-SERVICES")
        + jump("POSTROUTING", "", "kubernetes postrouting rules", "KUBE-POSTROUTING")
        + natRules
        + "COMMIT\n";
  }

  private void writeFixedHead() {
    nat(
        "KUBE-POSTROUTING",
        "-m mark ! --mark " + MASQUERADE_MARK + "/" + MASQUERADE_MARK + " -j RETURN");
    nat("KUBE-POSTROUTING", "-j MARK --xor-mark " + MASQUERADE_MARK);
    nat(
        "KUBE-POSTROUTING",
        comment("kubernetes service traffic requiring SNAT") + "-j MASQUERADE --random-fully");
    nat("KUBE-MARK-MASQ", "-j MARK --or-mark " + MASQUERADE_MARK);
    filter(
        "KUBE-FIREWALL",
        comment("block incoming localnet connections")
            + "-d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP");
  }

  private void writeFixedTail() {
    nat(
        "KUBE-SERVICES",
        comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain")
            + "-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
    String counter =
        config.nfacct() ? "-m nfacct --nfacct-name " + NFACCT_COUNTERS.getFirst() + " " : "";
    filter("KUBE-FORWARD", "-m conntrack --ctstate INVALID " + counter + "-j DROP");
    filter(
        "KUBE-FORWARD",
        comment("kubernetes forwarding rules")
            + "-m mark --mark "
            + MASQUERADE_MARK
            + "/"
            + MASQUERADE_MARK
            + " -j ACCEPT");
    filter(
        "KUBE-FORWARD",
        comment("kubernetes forwarding conntrack rule")
            + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
  }

  private void write(ServicePort s) {
    String name = s.nameText();
    EndpointChoice eps = EndpointChoice.of(s, config);
    String clusterChain = RuleNames.iptables("KUBE-SVC-", s);
    String localChain = RuleNames.iptables("KUBE-SVL-", s);
    String externalChain = RuleNames.iptables("KUBE-EXT-", s);
    String firewallChain = RuleNames.iptables("KUBE-FW-", s);
    boolean hasInternal = eps.any() && !(s.internalLocal() && eps.local().isEmpty());
    boolean hasExternal = eps.any() && !(s.externalLocal() && eps.local().isEmpty());
    boolean usesFirewall =
        eps.any() && !s.loadBalancerVips().isEmpty() && !s.sourceRanges().isEmpty();
    String internalChain = s.internalLocal() ? localChain : clusterChain;
    String refusal = comment(name + (eps.any() ? " has no local endpoints" : " has no endpoints"));
    String refusalTarget = eps.any() ? "DROP" : "REJECT";

    if (hasInternal) {
      nat(
          "KUBE-SERVICES",
          comment(name + " cluster IP") + to(s, s.clusterIp()) + "-j " + internalChain);
    } else {
      filter("KUBE-SERVICES", refusal + to(s, s.clusterIp()) + "-j " + refusalTarget);
    }
    for (String ip : s.externalIps()) {
      if (eps.any()) {
        nat("KUBE-SERVICES", comment(name + " external IP") + to(s, ip) + "-j " + externalChain);
      }
      if (!hasExternal) {
        filter("KUBE-EXTERNAL-SERVICES", refusal + to(s, ip) + "-j " + refusalTarget);
      }
    }
    for (String vip : s.loadBalancerVips()) {
      if (eps.any()) {
        nat(
            "KUBE-SERVICES",
            comment(name + " loadbalancer IP")
                + to(s, vip)
                + "-j "
                + (usesFirewall ? firewallChain : externalChain));
      }
      if (usesFirewall) {
        filter(
            "KUBE-PROXY-FIREWALL",
            comment(name + " traffic not accepted by " + firewallChain) + to(s, vip) + "-j DROP");
      }
    }
    if (!hasExternal) {
      s.loadBalancerVips()
          .forEach(vip ->
              filter("KUBE-EXTERNAL-SERVICES", refusal + to(s, vip) + "-j " + refusalTarget));
    }
    if (s.nodePort() != 0) {
      writeNodePort(
          s,
          eps,
          externalChain,
          hasExternal,
          refusal
              + "-m addrtype --dst-type LOCAL "
              + protocol(s)
              + "--dport "
              + s.nodePort()
              + " -j "
              + refusalTarget);
    }
    if (s.healthCheckNodePort() != 0) {
      filter(
          "KUBE-NODEPORTS",
          comment(name + " health check node port")
              + "-m tcp -p tcp --dport "
              + s.healthCheckNodePort()
              + " -j ACCEPT");
    }
    if (hasInternal) {
      markForeign()
          .ifPresent(source ->
              nat(
                  internalChain,
                  comment(name + " cluster IP")
                      + to(s, s.clusterIp())
                      + source
                      + "-j KUBE-MARK-MASQ"));
    }
    if (eps.any() && s.externallyAccessible()) {
      writeExternal(s, externalChain, clusterChain, localChain, hasExternal);
    }
    if (usesFirewall) {
      writeFirewall(s, firewallChain, externalChain);
    }
    if (!eps.cluster().isEmpty() && s.usesClusterEndpoints()) {
      writeToEndpoints(s, clusterChain, eps.cluster());
    }
    if (!eps.local().isEmpty() && s.usesLocalEndpoints()) {
      writeToEndpoints(s, localChain, eps.local());
    }
    eps.reachable().forEach(e -> writeEndpoint(s, e));
  }

  private void writeNodePort(
      ServicePort s,
      EndpointChoice eps,
      String externalChain,
      boolean hasExternal,
      String refusal) {
    if (eps.any()) {
      String named = "-m comment --comment " + s.nameText() + " " + protocol(s);
      if (config.nfacct()) {
        nat(
            "KUBE-NODEPORTS",
            named
                + "-d 127.0.0.0/8 --dport "
                + s.nodePort()
                + " -m nfacct --nfacct-name "
                + NFACCT_COUNTERS.getLast()
                + " -j "
                + externalChain);
      }
      nat("KUBE-NODEPORTS", named + "--dport " + s.nodePort() + " -j " + externalChain);
    }
    if (!hasExternal) {
      filter("KUBE-EXTERNAL-SERVICES", refusal);
    }
  }

  private void writeExternal(
      ServicePort s, String chain, String clusterChain, String localChain, boolean hasExternal) {
    String name = s.nameText();
    chain(chain);
    if (s.externalLocal()) {
      config
          .clusterCidr(IpFamily.IPV4)
          .ifPresent(cidr ->
              nat(
                  chain,
                  comment("pod traffic for " + name + " external destinations")
                      + "-s "
                      + cidr
                      + " -j "
                      + clusterChain));
      nat(
          chain,
          comment("masquerade LOCAL traffic for " + name + " external destinations")
              + "-m addrtype --src-type LOCAL -j KUBE-MARK-MASQ");
      nat(
          chain,
          comment("route LOCAL traffic for " + name + " external destinations")
              + "-m addrtype --src-type LOCAL -j "
              + clusterChain);
    } else {
      nat(
          chain,
          comment("masquerade traffic for " + name + " external destinations")
              + "-j KUBE-MARK-MASQ");
    }
    if (hasExternal) {
      nat(chain, "-j " + (s.externalLocal() ? localChain : clusterChain));
    }
  }

  private void writeFirewall(ServicePort s, String chain, String externalChain) {
    chain(chain);
    String from = comment(s.nameText() + " loadbalancer IP") + "-s ";
    s.sourceRanges().forEach(range -> nat(chain, from + range + " -j " + externalChain));
    if (s.sourceRanges().stream().anyMatch(config::allowsNode)) {
      s.loadBalancerVips().forEach(vip -> nat(chain, from + vip + " -j " + externalChain));
    }
    nat(
        chain,
        "-m comment --comment \"other traffic to "
            + s.nameText()
            + " will be dropped by KUBE-PROXY-FIREWALL\"");
  }

  private void writeToEndpoints(ServicePort s, String chain, List<Endpoint> endpoints) {
    chain(chain);
    if (s.affinity()) {
      for (Endpoint e : endpoints) {
        String sep = RuleNames.iptables(s, e);
        nat(
            chain,
            endpointComment("\"" + s.nameText() + " -> " + e.text() + "\"")
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
      nat(
          chain,
          endpointComment("\"" + s.nameText() + " -> " + e.text() + "\"")
              + chance
              + "-j "
              + RuleNames.iptables(s, e));
    }
  }

  private void writeEndpoint(ServicePort s, Endpoint e) {
    String chain = RuleNames.iptables(s, e);
    chain(chain);
    String named = endpointComment(s.nameText());
    nat(chain, named + "-s " + e.ip() + " -j KUBE-MARK-MASQ");
    String record = s.affinity() ? "-m recent --name " + chain + " --set " : "";
    nat(chain, named + record + protocol(s) + "-j DNAT --to-destination " + e.text());
  }

  /**
   * The source match of traffic from outside the pod network, which is masqueraded; empty if none
   * is known.
   */
  private java.util.Optional<String> markForeign() {
    return config.masqueradeAll()
        ? java.util.Optional.of("")
        : config.clusterCidr(IpFamily.IPV4).map(c -> "! -s " + c + " ");
  }

  /**
   * {@code 1/n} as kube-proxy prints it: ten decimals, ties to even ({@code computeProbability}).
   */
  static String probability(int n) {
    return new BigDecimal(1.0 / n).setScale(10, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String to(ServicePort s, String ip) {
    return protocol(s) + "-d " + ip + " --dport " + s.port() + " ";
  }

  private static String protocol(ServicePort s) {
    String p = s.protocol().toLowerCase(Locale.ROOT);
    return "-m " + p + " -p " + p + " ";
  }

  private String endpointComment(String text) {
    return largeCluster ? "" : "-m comment --comment " + text + " ";
  }

  private static String comment(String text) {
    return "-m comment --comment \"" + text + "\" ";
  }

  private static String jump(String from, String match, String comment, String to) {
    return "-A " + from + " " + match + comment(comment) + "-j " + to + "\n";
  }

  private static String chains(String... names) {
    StringBuilder out = new StringBuilder();
    for (String name : names) {
      out.append(':').append(name).append(" - [0:0]\n");
    }
    return out.toString();
  }

  private void chain(String name) {
    chains.add(name);
    if (entriesOnly) {
      return;
    }
    natChains.append(':').append(name).append(" - [0:0]\n");
  }

  private void nat(String chain, String rule) {
    if (entriesOnly && !SHARED.contains(chain)) {
      return;
    }
    natRules.append("-A ").append(chain).append(' ').append(rule).append('\n');
  }

  private void filter(String chain, String rule) {
    filterRules.append("-A ").append(chain).append(' ').append(rule).append('\n');
  }
}
