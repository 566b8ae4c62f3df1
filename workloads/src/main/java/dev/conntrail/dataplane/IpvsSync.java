package dev.conntrail.dataplane;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a sync of ipvs mode changes, when Services have changed ({@code syncService}, {@code
 * syncEndpoint}, {@code graceful_termination.go}, {@code pkg/proxy/ipvs}).
 *
 * @param ipset input for {@code ipset restore}
 * @param iptables input for {@code iptables-restore --noflush}; names the sets
 * @param ipvsadm input for {@code ipvsadm -R}
 */
public record IpvsSync(String ipset, String iptables, String ipvsadm) {
  /**
   * The sync from one state to another of Services whose addresses stay.
   *
   * @param dying real servers at weight 0 from syncs before, {@code server endpoint}; brought up to
   *     date
   * @param connected real servers that have connections, {@code server endpoint}: where one's
   *     endpoint is removed it stays at weight 0 if they are of TCP ({@code GracefulDeleteRS}); all
   *     others are deleted
   */
  public static IpvsSync of(
      List<ServicePort> before,
      List<ServicePort> after,
      ProxyConfig config,
      String scheduler,
      Set<String> dying,
      Set<String> connected) {
    IpvsState old = IpvsState.of(before, config, scheduler);
    IpvsState now = IpvsState.of(after, config, scheduler);
    if (!old.servers().keySet().equals(now.servers().keySet())) {
      throw new IllegalArgumentException("the addresses of Services must stay");
    }
    StringBuilder ipvsadm = new StringBuilder();
    now.servers()
        .forEach((name, server) -> {
          List<String> had = old.servers().get(name).endpoints();
          for (String e : difference(server.endpoints(), had)) {
            if (dying.remove(name + " " + e)) {
              ipvsadm.append(delete(name + " " + e));
            }
            ipvsadm.append(IpvsState.VirtualServer.addEndpoint(name, e));
          }
          for (String e : difference(had, server.endpoints())) {
            if (connected.contains(name + " " + e) && name.startsWith(IpvsState.TCP)) {
              ipvsadm.append("-e ").append(name).append(" -r ").append(e).append(" -m -w 0\n");
              dying.add(name + " " + e);
            } else {
              ipvsadm.append(delete(name + " " + e));
            }
          }
        });
    return new IpvsSync(
        ipset(old, now, config.family()),
        IptablesRules.withoutJumps(IpvsIptables.text(now, config)),
        ipvsadm.toString());
  }

  /**
   * Deletes the real servers at weight 0 that have no connection left ({@code tryDeleteRs}, which
   * kube-proxy does {@link NodeProxy#RECHECK once a minute}).
   *
   * @param dying all at weight 0, {@code server endpoint}; brought up to date
   * @param connected real servers that have connections, {@code server endpoint}
   * @return input for {@code ipvsadm -R}; empty if nothing is to be deleted
   */
  static String ended(Set<String> dying, Set<String> connected) {
    List<String> ended = difference(dying, connected).stream().sorted().toList();
    ended.forEach(dying::remove);
    return ended.stream().map(IpvsSync::delete).collect(Collectors.joining());
  }

  /** The line that deletes a real server, {@code server endpoint}. */
  private static String delete(String named) {
    int endpoint = named.lastIndexOf(' ');
    return "-d " + named.substring(0, endpoint) + " -r" + named.substring(endpoint) + "\n";
  }

  private static String ipset(IpvsState old, IpvsState now, IpFamily family) {
    StringBuilder ipset = new StringBuilder();
    for (IpSet set : IpSet.values()) {
      String name = set.name(family);
      difference(old.entries(set), now.entries(set))
          .forEach(e -> ipset.append("del ").append(name).append(' ').append(e).append('\n'));
      difference(now.entries(set), old.entries(set))
          .forEach(e -> ipset.append("add ").append(name).append(' ').append(e).append('\n'));
    }
    return ipset.toString();
  }

  private static List<String> difference(Collection<String> all, Collection<String> without) {
    return all.stream().filter(e -> !without.contains(e)).toList();
  }
}
