package dev.conntrail.dataplane;

import java.util.List;
import java.util.Set;

/**
 * The rules of kube-proxy in nftables mode ({@code setupNFTables} and {@code syncProxyRules},
 * {@code pkg/proxy/nftables/proxier.go}), as the one transaction of a first sync, for {@code nft
 * -f}. The order of Services is that of the input (kube-proxy's is Go's map order: random).
 */
public final class NftablesRules {
  /** The table that holds everything. */
  public static final String TABLE = "kube-proxy";

  private NftablesRules() {}

  /** The transaction; Services of the other IP family are left out. */
  public static String text(List<ServicePort> services, ProxyConfig config) {
    NftTransaction tx = new NftTransaction(config.family());
    new NftablesSetup(tx, config).write();
    write(tx, services, config);
    return tx.text();
  }

  /**
   * The transaction of a partial sync, when Services have changed: chains of the ones that changed,
   * elements that are new or gone. Chains that are no longer used are emptied; kube-proxy deletes
   * them a second later, for kernels before 6.2 may still refer to them.
   *
   * @param before the Services as they were last written
   */
  public static String sync(List<ServicePort> before, List<ServicePort> after, ProxyConfig config) {
    NftTransaction old = written(before, config);
    NftTransaction now = written(after, config);
    Set<ServicePort> same = ServicePort.ofUnchangedServices(before, after);
    NftTransaction sync = new NftTransaction(old);
    write(sync, after.stream().filter(s -> !same.contains(s)).toList(), config);
    gone(old.chains(), now.chains()).forEach(sync::flushChain);
    gone(old.affinitySets(), now.affinitySets()).forEach(set -> sync.remove("set", set));
    gone(old.elements(), now.elements()).forEach(sync::remove);
    return sync.text();
  }

  private static <T> List<T> gone(Set<T> before, Set<T> after) {
    return before.stream().filter(t -> !after.contains(t)).toList();
  }

  private static NftTransaction written(List<ServicePort> services, ProxyConfig config) {
    NftTransaction tx = new NftTransaction(config.family());
    write(tx, services, config);
    return tx;
  }

  private static void write(NftTransaction tx, List<ServicePort> services, ProxyConfig config) {
    services.stream()
        .filter(s -> IpFamily.of(s.clusterIp()) == tx.family())
        .forEach(s -> new NftablesService(tx, config, s).write());
  }
}
