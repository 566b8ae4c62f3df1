package dev.conntrail.spec;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern RELEASE = Pattern.compile("v?(\\d+\\.\\d+)\\b.*");

  private final String word;

  KubeProxy(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /**
   * The one of this release.
   *
   * @param version as a node or an image has it, such as {@code v1.37.2}
   * @return empty for a release whose rules are not known here
   */
  public static Optional<KubeProxy> of(String version) {
    Matcher m = RELEASE.matcher(version);
    return m.matches()
        ? Arrays.stream(values()).filter(v -> v.word.equals(m.group(1))).findFirst()
        : Optional.empty();
  }
}
