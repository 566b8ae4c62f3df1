package dev.conntrail.spec;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose rules: kube-proxy's of a release of Kubernetes, and of those beside it that write them
 * alike. Between these two iptables and ipvs are written alike ({@code pkg/proxy/iptables}, {@code
 * pkg/proxy/ipvs}); mode nftables has had another layout since 1.36.
 */
public enum KubeProxy implements Named {
  /** nftables with a chain for each endpoint and a chain that marks ({@code v1.34.4}). */
  V1_34("1.34"),
  /** nftables with endpoints and marks in the Services' own rules ({@code v1.37.2}). */
  V1_37("1.37");

  /** What is meant where nothing is said. */
  public static final KubeProxy DEFAULT = V1_37;

  private static final Pattern RELEASE = Pattern.compile("v?1\\.(\\d{1,3})\\b.*");
  private static final int CHAINS_SINCE = 34;
  private static final int INLINE_SINCE = 36;

  private final String word;

  KubeProxy(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /**
   * The one whose rules a release writes: 1.35 as 1.34, 1.36 and later ones as 1.37.
   *
   * @param version as a node or an image has it, such as {@code v1.37.2}
   * @return empty for a release whose rules are not known here
   */
  public static Optional<KubeProxy> of(String version) {
    Matcher m = RELEASE.matcher(version);
    if (!m.matches() || Integer.parseInt(m.group(1)) < CHAINS_SINCE) {
      return Optional.empty();
    }
    return Optional.of(Integer.parseInt(m.group(1)) < INLINE_SINCE ? V1_34 : V1_37);
  }
}
