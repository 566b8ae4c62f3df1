package dev.conntrail.model.nftables;

import dev.conntrail.model.Service;

/**
 * The layout of kube-proxy 1.34: the Service's chain marks what comes from outside the cluster,
 * asks the affinity sets, then takes an endpoint by {@code numgen random} from an anonymous map;
 * the endpoint's chain marks hairpin traffic and does the DNAT.
 */
public final class EndpointChains extends KubeProxyTable {
  /**
   * A table without Services.
   *
   * @param clusterNetwork pods' network, host order
   * @param clusterMask its mask; 0 if there is none, and nothing is marked
   */
  public EndpointChains(int clusterNetwork, int clusterMask, long seed) {
    super(clusterNetwork, clusterMask, seed);
    dispatch(table.new Rules());
    table.rules(table.chain("mark-for-masquerade"), mark(table.new Rules().rule()));
  }

  @Override
  int remove(Service service) {
    return 0;
  }

  @Override
  int fill(int chain, Service service) {
    NftTable.Rules rules = table.new Rules();
    if (clusterMask != 0) {
      rules
          .rule()
          .payload(NftTable.Field.DESTINATION, 0)
          .compare(0, Integer.reverseBytes(service.address()), ALL, true)
          .payload(NftTable.Field.SOURCE, 0)
          .compare(0, clusterNetwork, clusterMask, false)
          .verdict(NftTable.JUMP, table.chain("mark-for-masquerade"));
    }
    jumps(rules, chain, service, true);
    table.rules(chain, rules);
    return service.endpoints().size() + 1;
  }
}
