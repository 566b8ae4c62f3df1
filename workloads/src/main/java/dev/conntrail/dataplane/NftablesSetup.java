package dev.conntrail.dataplane;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is there in nftables mode whatever the Services are ({@code setupNFTables}, {@code
 * pkg/proxy/nftables/proxier.go}).
 */
final class NftablesSetup {
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

  private final NftTransaction tx;
  private final ProxyConfig config;
  private final NftLayout layout;
  private final String ip;
  private final String addressType;

  NftablesSetup(NftTransaction tx, ProxyConfig config) {
    this.tx = tx;
    this.config = config;
    this.layout = NftLayout.of(config.version());
    this.ip = tx.family().nft;
    this.addressType = tx.family().nftAddressType;
  }

  void write() {
    tx.table("rules for kube-proxy");
    BASE_CHAINS.forEach(c -> tx.removeIfThere("chain", c.name()));
    for (BaseChain c : BASE_CHAINS) {
      tx.chain(
          c.name(), "type " + c.type() + " hook " + c.hook() + " priority " + c.priority() + " ;");
    }
    for (Jump j : JUMPS) {
      tx.chain(j.to());
      tx.rule(j.from(), j.match() + "jump " + j.to());
    }
    layout.setUp(tx);
    writeClusterIpsCheck();
    layout.markClusterIps(tx, config);
    writeMaps();
  }

  private void writeClusterIpsCheck() {
    tx.set("cluster-ips", addressType, "Active ClusterIPs");
    tx.rule(
        "cluster-ips-check",
        ip
            + " daddr @cluster-ips reject comment \"Reject traffic to invalid ports of ClusterIPs\"");
    String ranges =
        config.serviceCidrs().stream().map(Cidr::toString).collect(Collectors.joining(","));
    if (!ranges.isEmpty()) {
      tx.rule(
          "cluster-ips-check",
          ip + " daddr { " + ranges + " } drop comment \"Drop traffic to unallocated ClusterIPs\"");
    }
  }

  /** The maps that hold an element for each Service, and the rules that ask them. */
  private void writeMaps() {
    String triple = addressType + " . inet_proto . inet_service : verdict";
    String pair = "inet_proto . inet_service : verdict";
    String toService = ip + " daddr . meta l4proto . th dport vmap @";
    Optional<String> nodeIp = config.nodeIp();
    String toNode = nodeIp.isPresent() ? ip + " daddr @nodeport-ips" : tx.family().nftNotLocalhost;
    nodeIp.ifPresent(address -> {
      tx.set("nodeport-ips", addressType, "IPs that accept NodePort traffic");
      tx.flushSet("nodeport-ips");
      tx.element("nodeport-ips", address);
    });
    tx.map(
        "no-endpoint-services",
        triple,
        "vmap to drop or reject packets to services with no endpoints");
    tx.map(
        "no-endpoint-nodeports",
        pair,
        "vmap to drop or reject packets to service nodeports with no endpoints");
    tx.chain(
        "reject-chain", "comment \"helper for @no-endpoint-services / @no-endpoint-nodeports\" ;");
    tx.rule("reject-chain", "reject");
    tx.rule("service-endpoints-check", toService + "no-endpoint-services");
    tx.rule(
        "nodeport-endpoints-check",
        toNode + " meta l4proto . th dport vmap @no-endpoint-nodeports");
    tx.map("firewall-ips", triple, "destinations that are subject to LoadBalancerSourceRanges");
    tx.rule("firewall-check", toService + "firewall-ips");
    tx.map("service-ips", triple, "ClusterIP, ExternalIP and LoadBalancer IP traffic");
    tx.map("service-nodeports", pair, "NodePort traffic");
    tx.rule("services", toService + "service-ips");
    tx.rule(
        "services",
        (nodeIp.isPresent() ? "" : "fib daddr type local ")
            + toNode
            + " meta l4proto . th dport vmap @service-nodeports");
  }
}
