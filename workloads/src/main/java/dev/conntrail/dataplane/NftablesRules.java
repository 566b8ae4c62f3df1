package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The rules of kube-proxy 1.34 in nftables mode ({@code setupNFTables} and {@code syncProxyRules},
 * {@code pkg/proxy/nftables/proxier.go}), as the one transaction of a first sync, for {@code nft
 * -f}. The order of Services is that of the input (kube-proxy's is Go's map order: random).
 */
public final class NftablesRules {
  /** The table that holds everything. */
  public static final String TABLE = "kube-proxy";

  private record Element(String container, String element) {}

  private record BaseChain(String name, String type, String hook, int priority) {}

  private record Jump(String to, String from, String match) {}

  private static final List<BaseChain> BASE_CHAINS =
      List.of(
          new BaseChain("filter-prerouting-pre-dnat", "filter", "prerouting", -110),
          new BaseChain("filter-output-pre-dnat", "filter", "output", -110),
          new BaseChain("filter-input", "filter", "input", 0),
          new BaseChain("filter-forward", "filter", "forward", 0),
          new BaseChain("filter-output", "filter", "output", 0),
          new BaseChain("nat-prerouting", "nat", "prerouting", -100),
          new BaseChain("nat-output", "nat", "output", -100),
          new BaseChain("nat-postrouting", "nat", "postrouting", 100));

  private static final List<Jump> JUMPS =
      List.of(
          new Jump("nodeport-endpoints-check", "filter-input", "ct state new "),
          new Jump("service-endpoints-check", "filter-input", "ct state new "),
          new Jump("service-endpoints-check", "filter-forward", "ct state new "),
          new Jump("service-endpoints-check", "filter-output", "ct state new "),
          new Jump("firewall-check", "filter-prerouting-pre-dnat", "ct state new "),
          new Jump("firewall-check", "filter-output-pre-dnat", "ct state new "),
          new Jump("services", "nat-output", ""),
          new Jump("services", "nat-prerouting", ""),
          new Jump("masquerading", "nat-postrouting", ""),
          new Jump("cluster-ips-check", "filter-forward", "ct state new "),
          new Jump("cluster-ips-check", "filter-output", "ct state new "));

  private final IpFamily family;
  private final ProxyConfig config;
  private final StringBuilder out = new StringBuilder();
  private final Set<String> chains = new LinkedHashSet<>();
  private final Set<String> clusterIps = new LinkedHashSet<>();
  private final Set<Element> elements = new LinkedHashSet<>();

  private NftablesRules(IpFamily family, ProxyConfig config) {
    this.family = family;
    this.config = config;
  }

  /** The transaction for one IP family; Services of the other family are left out. */
  public static String text(List<ServicePort> services, ProxyConfig config, IpFamily family) {
    NftablesRules rules = new NftablesRules(family, config);
    rules.writeFixed();
    rules.writeAll(services);
    return rules.out.toString();
  }

  /**
   * The transaction of a partial sync, when Services have changed: chains of the ones that changed,
   * elements that are new or gone. Chains that are no longer used are emptied; kube-proxy deletes
   * them a second later, for kernels before 6.2 may still refer to them.
   *
   * @param before the Services as they were last written
   */
  public static String sync(
      List<ServicePort> before, List<ServicePort> after, ProxyConfig config, IpFamily family) {
    NftablesRules old = written(before, config, family);
    NftablesRules rules = written(after, config, family);
    Set<ServicePort> same = Set.copyOf(before);
    NftablesRules changed =
        written(after.stream().filter(s -> !same.contains(s)).toList(), config, family);
    StringBuilder gone = new StringBuilder();
    for (Element e : old.elements) {
      if (!rules.elements.contains(e)) {
        gone.append("delete element " + family.nft + " " + TABLE + " " + e.container() + " { ")
            .append(e.element())
            .append(" }\n");
      }
    }
    StringBuilder stale = new StringBuilder();
    for (String chain : old.chains) {
      if (!rules.chains.contains(chain)) {
        stale.append("flush chain " + family.nft + " " + TABLE + " " + chain + "\n");
      }
    }
    return gone + changed.out.toString() + stale;
  }

  private static NftablesRules written(
      List<ServicePort> services, ProxyConfig config, IpFamily family) {
    NftablesRules rules = new NftablesRules(family, config);
    rules.writeAll(services);
    return rules;
  }

  private void writeAll(List<ServicePort> services) {
    services.stream().filter(s -> IpFamily.of(s.clusterIp()) == family).forEach(this::write);
  }

  private void writeFixed() {
    String ip = family.nft;
    String triple = family.nftAddressType + " . inet_proto . inet_service : verdict";
    String pair = "inet_proto . inet_service : verdict";
    Optional<String> nodeIp = config.nodeIp(family);
    command("add table " + ip + " " + TABLE + " { comment \"rules for kube-proxy\" ; }");
    for (BaseChain c : BASE_CHAINS) {
      add("chain", c.name(), "");
      command("delete chain " + ip + " " + TABLE + " " + c.name());
    }
    for (BaseChain c : BASE_CHAINS) {
      add(
          "chain",
          c.name(),
          " { type " + c.type() + " hook " + c.hook() + " priority " + c.priority() + " ; }");
      flush(c.name());
    }
    for (Jump j : JUMPS) {
      chain(j.to());
      rule(j.from(), j.match() + "jump " + j.to());
    }
    chain("mark-for-masquerade");
    rule("mark-for-masquerade", "mark set mark or " + MASQUERADE_MARK);
    rule("masquerading", "mark and " + MASQUERADE_MARK + " == 0 return");
    rule("masquerading", "mark set mark xor " + MASQUERADE_MARK);
    rule("masquerading", "masquerade fully-random");
    set("cluster-ips", family.nftAddressType, "Active ClusterIPs");
    rule(
        "cluster-ips-check",
        ip
            + " daddr @cluster-ips reject comment \"Reject traffic to invalid ports of ClusterIPs\"");
    String ranges =
        config.serviceCidrs().stream()
            .filter(c -> c.family() == family)
            .map(Cidr::toString)
            .collect(Collectors.joining(","));
    if (!ranges.isEmpty()) {
      rule(
          "cluster-ips-check",
          ip + " daddr { " + ranges + " } drop comment \"Drop traffic to unallocated ClusterIPs\"");
    }
    if (nodeIp.isPresent()) {
      set("nodeport-ips", family.nftAddressType, "IPs that accept NodePort traffic");
      element("nodeport-ips", nodeIp.get());
    }
    map(
        "no-endpoint-services",
        triple,
        "vmap to drop or reject packets to services with no endpoints");
    map(
        "no-endpoint-nodeports",
        pair,
        "vmap to drop or reject packets to service nodeports with no endpoints");
    add(
        "chain",
        "reject-chain",
        " { comment \"helper for @no-endpoint-services / @no-endpoint-nodeports\" ; }");
    flush("reject-chain");
    rule("reject-chain", "reject");
    String toService = ip + " daddr . meta l4proto . th dport vmap @";
    rule("service-endpoints-check", toService + "no-endpoint-services");
    String toNode = nodeIp.isPresent() ? ip + " daddr @nodeport-ips" : family.nftNotLocalhost;
    rule(
        "nodeport-endpoints-check",
        toNode + " meta l4proto . th dport vmap @no-endpoint-nodeports");
    map("firewall-ips", triple, "destinations that are subject to LoadBalancerSourceRanges");
    rule("firewall-check", toService + "firewall-ips");
    map("service-ips", triple, "ClusterIP, ExternalIP and LoadBalancer IP traffic");
    map("service-nodeports", pair, "NodePort traffic");
    rule("services", toService + "service-ips");
    rule(
        "services",
        (nodeIp.isPresent() ? "" : "fib daddr type local ")
            + toNode
            + " meta l4proto . th dport vmap @service-nodeports");
  }

  private void write(ServicePort s) {
    EndpointChoice eps = EndpointChoice.of(s, config);
    String clusterChain = RuleNames.nftables("service-", s);
    String localChain = RuleNames.nftables("local-", s);
    String externalChain = RuleNames.nftables("external-", s);
    String firewallChain = RuleNames.nftables("firewall-", s);
    boolean usesCluster = !eps.cluster().isEmpty() && s.usesClusterEndpoints();
    boolean usesLocal = !eps.local().isEmpty() && s.usesLocalEndpoints();
    boolean usesExternal = eps.any() && s.externallyAccessible();
    boolean usesFirewall = !s.loadBalancerVips().isEmpty() && !s.sourceRanges().isEmpty();
    boolean hasInternal = eps.any() && !(s.internalLocal() && eps.local().isEmpty());
    boolean hasExternal = eps.any() && !(s.externalLocal() && eps.local().isEmpty());
    String refusal = eps.any() ? "drop" : "goto reject-chain";

    eps.reachable().forEach(e -> chain(endpointChain(s, e)));
    chainIf(usesCluster, clusterChain);
    chainIf(usesLocal, localChain);
    chainIf(usesExternal, externalChain);
    chainIf(usesFirewall, firewallChain);
    if (clusterIps.add(s.clusterIp())) {
      element("cluster-ips", s.clusterIp());
    }
    if (hasInternal) {
      element(
          "service-ips",
          at(s, s.clusterIp()) + " : goto " + (s.internalLocal() ? localChain : clusterChain));
    } else {
      refuse(s, s.clusterIp(), refusal);
    }
    for (String address : s.externalIps()) {
      writeEntry(s, address, eps, externalChain, hasExternal, refusal);
    }
    for (String vip : s.loadBalancerVips()) {
      writeEntry(s, vip, eps, externalChain, hasExternal, refusal);
      if (usesFirewall) {
        element("firewall-ips", at(s, vip) + " : goto " + firewallChain);
      }
    }
    if (s.nodePort() != 0) {
      String port = s.protocolLower() + " . " + s.nodePort();
      if (eps.any()) {
        element("service-nodeports", port + " : goto " + externalChain);
      }
      if (!hasExternal) {
        element("no-endpoint-nodeports", port + " comment \"" + s.nameText() + "\" : " + refusal);
      }
    }
    if (hasInternal) {
      writeMark(s, s.internalLocal() ? localChain : clusterChain);
    }
    if (usesExternal) {
      writeExternal(s, externalChain, clusterChain, localChain, hasExternal);
    }
    if (usesFirewall) {
      writeFirewall(s, firewallChain);
    }
    if (s.affinity()) {
      eps.reachable()
          .forEach(e ->
              add(
                  "set",
                  affinitySet(s, e),
                  " { type "
                      + family.nftAddressType
                      + " ; flags dynamic,timeout ; timeout "
                      + s.affinitySeconds()
                      + "s ; }"));
    }
    if (usesCluster) {
      writeToEndpoints(s, clusterChain, eps.cluster());
    }
    if (usesLocal) {
      writeToEndpoints(s, localChain, eps.local());
    }
    eps.reachable().forEach(e -> writeEndpoint(s, e));
  }

  private void writeEntry(
      ServicePort s,
      String address,
      EndpointChoice eps,
      String externalChain,
      boolean hasExternal,
      String refusal) {
    if (eps.any()) {
      element("service-ips", at(s, address) + " : goto " + externalChain);
    }
    if (!hasExternal) {
      refuse(s, address, refusal);
    }
  }

  private void refuse(ServicePort s, String address, String refusal) {
    element(
        "no-endpoint-services", at(s, address) + " comment \"" + s.nameText() + "\" : " + refusal);
  }

  private void writeMark(ServicePort s, String chain) {
    String to = family.nft + " daddr " + s.clusterIp();
    if (config.masqueradeAll()) {
      rule(chain, to + " jump mark-for-masquerade");
    } else {
      config
          .clusterCidr(family)
          .ifPresent(c ->
              rule(chain, to + " " + family.nft + " saddr != " + c + " jump mark-for-masquerade"));
    }
  }

  private void writeExternal(
      ServicePort s, String chain, String clusterChain, String localChain, boolean hasExternal) {
    if (s.externalLocal()) {
      config
          .clusterCidr(family)
          .ifPresent(c ->
              rule(
                  chain,
                  family.nft
                      + " saddr "
                      + c
                      + " goto "
                      + clusterChain
                      + " comment \"short-circuit pod traffic\""));
      rule(
          chain,
          "fib saddr type local jump mark-for-masquerade comment \"masquerade local traffic\"");
      rule(
          chain,
          "fib saddr type local goto " + clusterChain + " comment \"short-circuit local traffic\"");
    } else {
      rule(chain, "jump mark-for-masquerade");
    }
    if (hasExternal) {
      rule(chain, "goto " + (s.externalLocal() ? localChain : clusterChain));
    }
  }

  private void writeFirewall(ServicePort s, String chain) {
    StringJoiner sources = new StringJoiner(" , ");
    s.sourceRanges().forEach(r -> sources.add(r.toString()));
    if (s.sourceRanges().stream().anyMatch(config::allowsNode)) {
      s.loadBalancerVips().forEach(sources::add);
    }
    rule(chain, family.nft + " saddr != { " + sources + " } drop");
  }

  private void writeToEndpoints(ServicePort s, String chain, List<Endpoint> endpoints) {
    if (s.affinity()) {
      endpoints.forEach(e ->
          rule(
              chain, family.nft + " saddr @" + affinitySet(s, e) + " goto " + endpointChain(s, e)));
    }
    StringJoiner targets = new StringJoiner(" , ");
    for (int i = 0; i < endpoints.size(); i++) {
      targets.add(i + " : goto " + endpointChain(s, endpoints.get(i)));
    }
    rule(chain, "numgen random mod " + endpoints.size() + " vmap { " + targets + " }");
  }

  private void writeEndpoint(ServicePort s, Endpoint e) {
    String chain = endpointChain(s, e);
    rule(chain, family.nft + " saddr " + e.ip() + " jump mark-for-masquerade");
    if (s.affinity()) {
      rule(chain, "update @" + affinitySet(s, e) + " { " + family.nft + " saddr }");
    }
    rule(chain, "meta l4proto " + s.protocolLower() + " dnat to " + e.text());
  }

  private static String endpointChain(ServicePort s, Endpoint e) {
    return RuleNames.nftables("endpoint-", s, e);
  }

  private static String affinitySet(ServicePort s, Endpoint e) {
    return RuleNames.nftables("affinity-", s, e);
  }

  private static String at(ServicePort s, String address) {
    return address + " . " + s.protocolLower() + " . " + s.port();
  }

  private void set(String name, String type, String comment) {
    add("set", name, " { type " + type + " ; comment \"" + comment + "\" ; }");
  }

  private void map(String name, String type, String comment) {
    add("map", name, " { type " + type + " ; comment \"" + comment + "\" ; }");
  }

  private void chainIf(boolean wanted, String name) {
    if (wanted) {
      chain(name);
    }
  }

  private void chain(String name) {
    if (chains.add(name)) {
      add("chain", name, "");
      flush(name);
    }
  }

  private void flush(String chain) {
    command("flush chain " + family.nft + " " + TABLE + " " + chain);
  }

  private void rule(String chain, String rule) {
    add("rule", chain, " " + rule);
  }

  private void element(String container, String element) {
    elements.add(new Element(container, element));
    add("element", container, " { " + element + " }");
  }

  private void add(String what, String name, String rest) {
    command("add " + what + " " + family.nft + " " + TABLE + " " + name + rest);
  }

  private void command(String line) {
    out.append(line).append('\n');
  }
}
