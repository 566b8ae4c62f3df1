package dev.conntrail.dataplane;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a sync of ipvs mode changes, when Services have changed ({@code syncService}, {@code
 * syncEndpoint}, {@code cleanLegacyService}, {@code graceful_termination.go}, {@code
 * pkg/proxy/ipvs}), in the order in which kube-proxy does it.
 *
 * @param ipvsadm input for {@code ipvsadm -R}
 * @param bound input for {@code ip -batch}: addresses that are new
 * @param ipset input for {@code ipset restore}
 * @param iptables input for {@code iptables-restore --noflush}; names the sets
 * @param unbound input for {@code ip -batch}: addresses that are gone
 * @param gone input for {@code ipvsadm -R}: virtual servers that are gone
 */
public record IpvsSync(
    String ipvsadm, String bound, String ipset, String iptables, String unbound, String gone) {
  /**
   * The sync from one state to another.
   *
   * @param dying real servers at weight 0 from syncs before, {@code server endpoint}; brought up to
   *     date. Those of a virtual server that goes are forgotten with it: kube-proxy keeps them in
   *     its list, in which it then looks for them in vain
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
    StringBuilder ipvsadm = new StringBuilder();
    now.servers()
        .forEach((name, server) -> {
          IpvsState.VirtualServer had = old.servers().get(name);
          if (had == null) {
            ipvsadm.append(server.add(name));
          } else if (!had.options().equals(server.options())) {
            ipvsadm.append(server.edit(name));
          }
          List<String> endpoints = had == null ? List.of() : had.endpoints();
          difference(server.endpoints(), endpoints)
              .forEach(e -> ipvsadm.append(joins(name, e, dying)));
          difference(endpoints, server.endpoints())
              .forEach(e -> ipvsadm.append(leaves(name, e, dying, connected)));
        });
    List<String> gone = difference(old.servers().keySet(), now.servers().keySet());
    dying.removeIf(d -> gone.contains(d.substring(0, d.lastIndexOf(' '))));
    return new IpvsSync(
        ipvsadm.toString(),
        addresses("add", difference(now.addresses(), old.addresses()), config.family()),
        ipset(old, now, config.family()),
        IptablesRules.withoutJumps(IpvsIptables.text(now, config)),
        addresses("del", difference(old.addresses(), now.addresses()), config.family()),
        gone.stream().map(name -> "-D " + name + "\n").collect(Collectors.joining()));
  }

  private static String joins(String server, String endpoint, Set<String> dying) {
    String named = server + " " + endpoint;
    return (dying.remove(named) ? delete(named) : "")
        + IpvsState.VirtualServer.addEndpoint(server, endpoint);
  }

  private static String leaves(
      String server, String endpoint, Set<String> dying, Set<String> connected) {
    String named = server + " " + endpoint;
    if (!connected.contains(named) || !server.startsWith(IpvsState.TCP)) {
      return delete(named);
    }
    dying.add(named);
    return "-e " + server + " -r " + endpoint + " -m -w 0\n";
  }

  private static String addresses(String verb, List<String> addresses, IpFamily family) {
    return addresses.stream()
        .map(a -> IpvsRules.addressLine(verb, a, family))
        .collect(Collectors.joining());
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
