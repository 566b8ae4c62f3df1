package dev.conntrail.dataplane;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules of kube-proxy 1.34 and 1.37 in iptables mode ({@code syncProxyRules}, {@code
 * pkg/proxy/iptables/proxier.go}), for {@code iptables-restore --noflush} or, of IPv6, {@code
 * ip6tables-restore --noflush}. kube-proxy makes the jumps from the built-in chains with {@code
 * iptables -I}; here they are part of the text, in the order in which they are then found. The
 * order of Services within the shared chains is that of the input (kube-proxy's is Go's map order:
 * random).
 */
public final class IptablesRules {
  /** kube-proxy's nfacct counters ({@code pkg/proxy/metrics}). */
  static final List<String> NFACCT_COUNTERS =
      List.of("ct_state_invalid_dropped_pkts", "localhost_nps_accepted_pkts");

  /** Above so many endpoints the comments of the endpoint rules are left out. */
  private static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  private static final Pattern BUILT_IN =
      Pattern.compile("-A (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) ");

  private IptablesRules() {}

  /** The restore input after comments that say which program loads it, and where. */
  public static String commented(List<ServicePort> services, ProxyConfig config) {
    String text = text(services, config);
    return "# "
        + config.family().restore
        + " --noflush\n"
        + NFACCT_COUNTERS.stream()
            .filter(text::contains)
            .map(c -> "# loads where this counter is: nfacct add " + c + "\n")
            .collect(Collectors.joining())
        + text;
  }

  /** The whole restore input. */
  public static String text(List<ServicePort> services, ProxyConfig config) {
    return written(services, Set.of(), config).assemble();
  }

  /**
   * The restore input of a partial sync, when Services have changed: the shared chains whole, of
   * the Services' own chains those of the ones that changed, and the removal of chains that are no
   * longer used.
   *
   * @param before the Services as they were last written
   */
  public static String sync(List<ServicePort> before, List<ServicePort> after, ProxyConfig config) {
    return following(
        before, written(after, ServicePort.ofUnchangedServices(before, after), config), config);
  }

  /**
   * The restore input of the first sync of a process that finds the rules of another: all of them,
   * and the removal of chains that are no longer used.
   *
   * @param before the Services as they were last written
   */
  static String restart(List<ServicePort> before, List<ServicePort> after, ProxyConfig config) {
    return following(before, written(after, Set.of(), config), config);
  }

  private static String following(
      List<ServicePort> before, RestoreInput input, ProxyConfig config) {
    for (String stale : written(before, Set.of(), config).chains()) {
      if (!input.chains().contains(stale)) {
        input.remove(stale);
      }
    }
    return withoutJumps(input.assemble());
  }

  /**
   * Rules of these Services.
   *
   * @param unchanged of these only the entries in shared chains
   */
  private static RestoreInput written(
      List<ServicePort> services, Set<ServicePort> unchanged, ProxyConfig config) {
    int endpoints = services.stream().mapToInt(s -> s.endpoints().size()).sum();
    boolean largeCluster = endpoints > LARGE_CLUSTER_ENDPOINTS;
    RestoreInput input = new RestoreInput(config);
    for (ServicePort s : services) {
      input.entriesOnly(unchanged.contains(s));
      new IptablesService(input, config, largeCluster, s).write();
    }
    input.end();
    return input;
  }

  /**
   * Rules beside those of another mode in the same tables: a jump that is there is not made again
   * ({@code EnsureRule}).
   */
  static String beside(Optional<NodeProxy.Installed> found, String text) {
    Set<String> there =
        found.map(f -> f.text().lines().collect(Collectors.toSet())).orElse(Set.of());
    return text.lines()
        .filter(l -> !BUILT_IN.matcher(l).lookingAt() || !there.contains(l))
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }

  /** The rules of kube-proxy's own chains: the jumps to them are made once, and stay. */
  static String withoutJumps(String text) {
    return text.lines()
        .filter(l -> !BUILT_IN.matcher(l).lookingAt())
        .map(l -> l + "\n")
        .collect(Collectors.joining());
  }
}
