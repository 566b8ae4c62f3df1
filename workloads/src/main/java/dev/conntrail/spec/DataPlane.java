package dev.conntrail.spec;

/** What spreads connections over pods. */
public enum DataPlane implements Named {
  /** kube-proxy's iptables mode ({@code pkg/proxy/iptables}). */
  IPTABLES("iptables", PodChoice.DRAW),
  /** kube-proxy's nftables mode ({@code pkg/proxy/nftables}). */
  NFTABLES("nftables", PodChoice.DRAW),
  /**
   * kube-proxy's ipvs mode ({@code pkg/proxy/ipvs}); how pods are chosen depends on the {@link
   * IpvsScheduler}, kube-proxy's own being rr.
   */
  IPVS("ipvs", PodChoice.NODE_IN_TURN),
  /** No Service: the client connects straight to the pods, in turn. The baseline. */
  DIRECT("direct", PodChoice.CLIENT_IN_TURN);

  private final String word;
  private final PodChoice choice;

  DataPlane(String word, PodChoice choice) {
    this.word = word;
    this.choice = choice;
  }

  /** How a pod is chosen for each connection; of ipvs its scheduler says so. */
  PodChoice choice(IpvsScheduler scheduler) {
    return this == IPVS ? scheduler.choice() : choice;
  }

  /** Whether it spreads the connections of a Service, by rules. */
  public boolean service() {
    return this != DIRECT;
  }

  @Override
  public String word() {
    return word;
  }
}
