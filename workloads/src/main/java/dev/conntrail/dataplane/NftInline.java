package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

import java.util.List;

/**
 * kube-proxy 1.37: a Service's rule names its endpoints, but for those with affinity; marks stand
 * where they are needed; what an endpoint sends to itself is found in a set.
 */
record NftInline() implements NftLayout {
  private static final String HAIRPIN = "hairpin-connections";

  /** What feature gate {@code KubeProxyNFTablesLocalhostNodePorts}, off by default, is about. */
  private static final String LOCALHOST = "localhost-nodeport-reject";

  /** {@code CommentLengthMax} of knftables. */
  private static final int LONGEST_COMMENT = 128;

  @Override
  public String mark() {
    return "mark set mark or " + MASQUERADE_MARK;
  }

  @Override
  public String markComment() {
    return " comment \"masquerade\"";
  }

  @Override
  public void setUp(NftTransaction tx) {
    String ip = tx.family().nft;
    String address = tx.family().nftAddressType;
    tx.set(
        HAIRPIN,
        address + " . " + address + " . inet_proto . inet_service",
        "service hairpin connections");
    tx.rule(
        "masquerading",
        "mark and "
            + MASQUERADE_MARK
            + " != 0 mark set mark xor "
            + MASQUERADE_MARK
            + " masquerade fully-random");
    tx.rule(
        "masquerading",
        "ct status dnat "
            + ip
            + " saddr . "
            + ip
            + " daddr . meta l4proto . th dport @"
            + HAIRPIN
            + " masquerade fully-random");
    removeLocalhost(tx);
  }

  /** kube-proxy makes sure that nothing of a feature is left which is off. */
  private static void removeLocalhost(NftTransaction tx) {
    tx.map(
        LOCALHOST + "-ports",
        "inet_proto . inet_service : verdict",
        "localhost NodePorts rejected by kube-proxy");
    tx.remove("map", LOCALHOST + "-ports");
    for (String protocol : List.of("tcp", "udp", "sctp")) {
      tx.removeIfThere("chain", LOCALHOST + "-" + protocol);
      tx.removeIfThere("counter", LOCALHOST + "ed-" + protocol);
    }
  }

  @Override
  public void markClusterIps(NftTransaction tx, ProxyConfig config) {
    NftLayout.foreign(tx, config)
        .ifPresent(from ->
            tx.rule(
                "services",
                tx.family().nft
                    + " daddr @cluster-ips "
                    + from
                    + mark()
                    + (config.masqueradeAll()
                        ? " comment \"masquerade all clusterIP traffic\""
                        : " comment \"masquerade clusterIP traffic from outside cluster\"")));
  }

  @Override
  public void markClusterIp(NftTransaction tx, ProxyConfig config, String chain, String clusterIp) {
    // one rule does it for all
  }

  @Override
  public void hairpin(NftTransaction tx, ServicePort service, Endpoint endpoint, boolean local) {
    if (local) {
      String own = endpoint.ip() + " . " + endpoint.ip() + " . ";
      tx.element(HAIRPIN, own + service.protocolLower() + " . " + endpoint.port());
    }
  }

  @Override
  public boolean endpointChains(ServicePort service) {
    return service.affinity();
  }

  @Override
  public String comment(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_COMMENT));
  }
}
