package dev.conntrail.spec;

/**
 * Whose rules: a version of kube-proxy, by the release of Kubernetes. Between these two iptables
 * and ipvs are written alike ({@code pkg/proxy/iptables}, {@code pkg/proxy/ipvs}); mode nftables
 * has another layout.
 */
public enum KubeProxy implements Named {
  /** nftables with a chain for each endpoint and a chain that marks ({@code v1.34.4}). */
  V1_34("1.34"),
  /** nftables with endpoints and marks in the Services' own rules ({@code v1.37.2}). */
  V1_37("1.37");

  /** What is meant where nothing is said. */
  public static final KubeProxy DEFAULT = V1_37;

  private final String word;

  KubeProxy(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
