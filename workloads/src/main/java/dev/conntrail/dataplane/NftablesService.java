package dev.conntrail.dataplane;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Chains, elements and rules of one service port in nftables mode (the loop of {@code
 * syncProxyRules}, {@code pkg/proxy/nftables/proxier.go}).
 */
final class NftablesService {
  private final NftTransaction tx;
  private final ProxyConfig config;
  private final NftLayout layout;
  private final String ip;
  private final ServicePort s;
  private final EndpointChoice eps;
  private final String clusterChain;
  private final String localChain;
  private final String externalChain;
  private final String firewallChain;

  NftablesService(NftTransaction tx, ProxyConfig config, ServicePort service) {
    this.tx = tx;
    this.config = config;
    this.layout = NftLayout.of(config.version());
    this.ip = tx.family().nft;
    this.s = service;
    this.eps = EndpointChoice.of(s, config);
    this.clusterChain = RuleNames.nftables("service-", s);
    this.localChain = RuleNames.nftables("local-", s);
    this.externalChain = RuleNames.nftables("external-", s);
    this.firewallChain = RuleNames.nftables("firewall-", s);
  }

  void write() {
    writeChains();
    writeElements();
    writeRules();
  }

  private void writeChains() {
    if (layout.endpointChains(s)) {
      eps.reachable().forEach(e -> tx.chain(endpointChain(e)));
    }
    if (eps.useCluster(s)) {
      tx.chain(clusterChain);
    }
    if (eps.useLocal(s)) {
      tx.chain(localChain);
    }
    if (usesExternal()) {
      tx.chain(externalChain);
    }
    if (usesFirewall()) {
      tx.chain(firewallChain);
    }
  }

  private boolean usesExternal() {
    return eps.any() && s.externallyAccessible();
  }

  private boolean usesFirewall() {
    return !s.loadBalancerVips().isEmpty() && !s.sourceRanges().isEmpty();
  }

  private void writeElements() {
    tx.element("cluster-ips", s.clusterIp());
    if (eps.serveInternal(s)) {
      tx.element("service-ips", at(s.clusterIp()), "goto " + internalChain());
    } else {
      refuse("no-endpoint-services", at(s.clusterIp()));
    }
    s.externalIps().forEach(this::writeEntry);
    for (String vip : s.loadBalancerVips()) {
      writeEntry(vip);
      if (usesFirewall()) {
        tx.element("firewall-ips", at(vip), "goto " + firewallChain);
      }
    }
    if (s.nodePort() != 0) {
      writeNodePort(s.protocolLower() + " . " + s.nodePort());
    }
  }

  private String internalChain() {
    return s.internalLocal() ? localChain : clusterChain;
  }

  private void writeEntry(String address) {
    if (eps.any()) {
      tx.element("service-ips", at(address), "goto " + externalChain);
    }
    if (!eps.serveExternal(s)) {
      refuse("no-endpoint-services", at(address));
    }
  }

  private void writeNodePort(String port) {
    if (eps.any()) {
      tx.element("service-nodeports", port, "goto " + externalChain);
    }
    if (!eps.serveExternal(s)) {
      refuse("no-endpoint-nodeports", port);
    }
  }

  /**
   * What comes to an address without endpoints is told so; what another node could serve is not.
   */
  private void refuse(String map, String key) {
    tx.element(map, key, layout.comment(s.nameText()), eps.any() ? "drop" : "goto reject-chain");
  }

  private void writeRules() {
    if (eps.serveInternal(s)) {
      layout.markClusterIp(tx, config, internalChain(), s.clusterIp());
    }
    if (usesExternal()) {
      writeExternal();
    }
    if (usesFirewall()) {
      writeFirewall();
    }
    if (s.affinity()) {
      eps.reachable().forEach(e -> tx.affinitySet(affinitySet(e), s.affinitySeconds()));
    }
    if (eps.useCluster(s)) {
      writeToEndpoints(clusterChain, eps.cluster());
    }
    if (eps.useLocal(s)) {
      writeToEndpoints(localChain, eps.local());
    }
    eps.reachable().forEach(this::writeEndpoint);
  }

  private void writeExternal() {
    if (s.externalLocal()) {
      config
          .clusterCidr()
          .ifPresent(c ->
              tx.rule(
                  externalChain,
                  ip
                      + " saddr "
                      + c
                      + " goto "
                      + clusterChain
                      + " comment \"short-circuit pod traffic\""));
      tx.rule(
          externalChain,
          "fib saddr type local " + layout.mark() + " comment \"masquerade local traffic\"");
      tx.rule(
          externalChain,
          "fib saddr type local goto " + clusterChain + " comment \"short-circuit local traffic\"");
    } else {
      tx.rule(externalChain, layout.mark() + layout.markComment());
    }
    if (eps.serveExternal(s)) {
      tx.rule(externalChain, "goto " + (s.externalLocal() ? localChain : clusterChain));
    }
  }

  private void writeFirewall() {
    StringJoiner sources = new StringJoiner(" , ");
    s.sourceRanges().forEach(r -> sources.add(r.toString()));
    if (s.sourceRanges().stream().anyMatch(config::allowsNode)) {
      s.loadBalancerVips().forEach(sources::add);
    }
    tx.rule(firewallChain, ip + " saddr != { " + sources + " } drop");
  }

  private void writeToEndpoints(String chain, List<Endpoint> endpoints) {
    if (layout.endpointChains(s)) {
      writeJumps(chain, endpoints);
    } else {
      writeDnats(chain, endpoints);
    }
  }

  /** {@code writeServiceToEndpointRules}; from 1.36 on {@code writeServiceToEndpointJumps}. */
  private void writeJumps(String chain, List<Endpoint> endpoints) {
    if (s.affinity()) {
      endpoints.forEach(
          e -> tx.rule(chain, ip + " saddr @" + affinitySet(e) + " goto " + endpointChain(e)));
    }
    tx.rule(
        chain, drawn(endpoints) + "vmap " + numbered(endpoints, e -> "goto " + endpointChain(e)));
  }

  /** {@code writeServiceToEndpointDNATs}. */
  private void writeDnats(String chain, List<Endpoint> endpoints) {
    String protocol = "meta l4proto " + s.protocolLower() + " dnat ";
    if (endpoints.size() == 1) {
      tx.rule(chain, protocol + "to " + endpoints.getFirst().text());
    } else {
      tx.rule(
          chain,
          protocol
              + ip
              + " addr . port to "
              + drawn(endpoints)
              + "map "
              + numbered(endpoints, e -> e.ip() + " . " + e.port()));
    }
  }

  private static String drawn(List<Endpoint> endpoints) {
    return "numgen random mod " + endpoints.size() + " ";
  }

  private static String numbered(List<Endpoint> endpoints, Function<Endpoint, String> to) {
    StringJoiner targets = new StringJoiner(" , ", "{ ", " }");
    for (int i = 0; i < endpoints.size(); i++) {
      targets.add(i + " : " + to.apply(endpoints.get(i)));
    }
    return targets.toString();
  }

  private void writeEndpoint(Endpoint e) {
    layout.hairpin(tx, s, e, config.isHere(e));
    if (!layout.endpointChains(s)) {
      return;
    }
    String chain = endpointChain(e);
    if (s.affinity()) {
      tx.rule(chain, "update @" + affinitySet(e) + " { " + ip + " saddr }");
    }
    tx.rule(chain, "meta l4proto " + s.protocolLower() + " dnat to " + e.text());
  }

  private String endpointChain(Endpoint e) {
    return RuleNames.nftables("endpoint-", s, e);
  }

  private String affinitySet(Endpoint e) {
    return RuleNames.nftables("affinity-", s, e);
  }

  private String at(String address) {
    return address + " . " + s.protocolLower() + " . " + s.port();
  }
}
