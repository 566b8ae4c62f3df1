package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

/** kube-proxy 1.34: a chain for each endpoint, and one that marks. */
record NftChains() implements NftLayout {
  private static final String MARK_CHAIN = "mark-for-masquerade";

  @Override
  public String mark() {
    return "jump " + MARK_CHAIN;
  }

  @Override
  public String markComment() {
    return "";
  }

  @Override
  public void setUp(NftTransaction tx) {
    tx.chain(MARK_CHAIN);
    tx.rule(MARK_CHAIN, "mark set mark or " + MASQUERADE_MARK);
    tx.rule("masquerading", "mark and " + MASQUERADE_MARK + " == 0 return");
    tx.rule("masquerading", "mark set mark xor " + MASQUERADE_MARK);
    tx.rule("masquerading", "masquerade fully-random");
  }

  @Override
  public void markClusterIps(NftTransaction tx, ProxyConfig config) {
    // each Service's chain does it
  }

  @Override
  public void markClusterIp(NftTransaction tx, ProxyConfig config, String chain, String clusterIp) {
    NftLayout.foreign(tx, config)
        .ifPresent(
            from -> tx.rule(chain, tx.family().nft + " daddr " + clusterIp + " " + from + mark()));
  }

  @Override
  public void hairpin(NftTransaction tx, ServicePort service, Endpoint endpoint, boolean local) {
    tx.rule(
        RuleNames.nftables("endpoint-", service, endpoint),
        tx.family().nft + " saddr " + endpoint.ip() + " " + mark());
  }

  @Override
  public boolean endpointChains(ServicePort service) {
    return true;
  }

  /** Whole: nft refuses one of more than 128 characters. */
  @Override
  public String comment(String text) {
    return text;
  }
}
