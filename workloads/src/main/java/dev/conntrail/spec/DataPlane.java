package dev.conntrail.spec;

/** What spreads connections over pods. */
public enum DataPlane implements Named {
  /** kube-proxy's iptables mode ({@code pkg/proxy/iptables} of Kubernetes 1.34). */
  IPTABLES("iptables"),
  /** kube-proxy's nftables mode ({@code pkg/proxy/nftables} of Kubernetes 1.34). */
  NFTABLES("nftables"),
  /** kube-proxy's ipvs mode ({@code pkg/proxy/ipvs} of Kubernetes 1.34). */
  IPVS("ipvs"),
  /** No Service: the client connects straight to the pods, in turn. The baseline. */
  DIRECT("direct");

  private final String word;

  DataPlane(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
