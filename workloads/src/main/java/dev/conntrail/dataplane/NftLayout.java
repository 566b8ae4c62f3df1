package dev.conntrail.dataplane;

import dev.conntrail.spec.KubeProxy;
import java.util.Optional;

/**
 * What differs between versions in nftables mode: how packets are marked for masquerading and where
 * a Service's endpoints stand ({@code pkg/proxy/nftables/proxier.go}).
 */
sealed interface NftLayout permits NftChains, NftInline {
  /** The layout of a version. */
  static NftLayout of(KubeProxy version) {
    return switch (version) {
      case V1_34 -> new NftChains();
      case V1_37 -> new NftInline();
    };
  }

  /** The statement that marks a packet for masquerading. */
  String mark();

  /** What follows the mark of all traffic from outside. */
  String markComment();

  /** Chains, sets and rules of masquerading that are there whatever the Services are. */
  void setUp(NftTransaction tx);

  /** Marks what comes to any cluster IP from outside; set {@code cluster-ips} is there. */
  void markClusterIps(NftTransaction tx, ProxyConfig config);

  /** Marks what comes to one cluster IP from outside, in the chain that serves it. */
  void markClusterIp(NftTransaction tx, ProxyConfig config, String chain, String clusterIp);

  /**
   * Masquerades what an endpoint sends to itself.
   *
   * @param local whether it is on this node
   */
  void hairpin(NftTransaction tx, ServicePort service, Endpoint endpoint, boolean local);

  /** Whether the endpoints of a Service have chains of their own. */
  boolean endpointChains(ServicePort service);

  /** A comment on an element, as long as it may be. */
  String comment(String text);

  /** The match of what comes from outside and is masqueraded; empty if none is known. */
  static Optional<String> foreign(NftTransaction tx, ProxyConfig config) {
    return config.masqueradeAll()
        ? Optional.of("")
        : config.clusterCidr().map(c -> tx.family().nft + " saddr != " + c + " ");
  }
}
