package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The layout of kube-proxy 1.37: the first rule of chain {@code services} marks what comes to any
 * cluster IP from outside the cluster; the Service's chain translates by one rule, whose anonymous
 * map holds addresses and ports, but where there is affinity; what an endpoint sends to itself is
 * found when the packet leaves, in the set {@code hairpin-connections} of this node's endpoints.
 * That look-up is made here too, for the other layout pays for the same before it translates.
 */
public final class InlineEndpoints extends KubeProxyTable {
  private static final int DESTINATION_NAT = 0x20;
  private static final int HAIRPIN_WORDS = 4;

  private final ResizableHash clusterIps;
  private final ResizableHash hairpins;
  private final IntPredicate here;
  private final int[] key = new int[HAIRPIN_WORDS];
  private final Map<String, List<Service.Endpoint>> written = new HashMap<>();

  /**
   * A table without Services.
   *
   * @param clusterNetwork pods' network, host order
   * @param clusterMask its mask; 0 if there is none, and nothing is marked
   * @param here whether an endpoint's address is one of this node
   */
  public InlineEndpoints(int clusterNetwork, int clusterMask, IntPredicate here, long seed) {
    super(clusterNetwork, clusterMask, seed);
    this.here = here;
    this.clusterIps = new ResizableHash(1, seeds.nextLong());
    this.hairpins = new ResizableHash(HAIRPIN_WORDS, seeds.nextLong());
    int ips = table.add(clusterIps);
    NftTable.Rules rules = table.new Rules();
    if (this.clusterMask != 0) {
      mark(
          rules
              .rule()
              .payload(NftTable.Field.DESTINATION, 0)
              .expression(NftTable.Expression.LOOKUP_RESIZABLE, ips, 0, 0, 0)
              .payload(NftTable.Field.SOURCE, 0)
              .compare(0, this.clusterNetwork, this.clusterMask, false));
    }
    dispatch(rules);
    table.rules(
        table.chain("masquerading"),
        table.new Rules()
            .rule()
            .expression(NftTable.Expression.STATUS, 0)
            .expression(NftTable.Expression.BITWISE, 0, 0, DESTINATION_NAT, 0)
            .compare(0, 0, ALL, false)
            .payload(NftTable.Field.SOURCE, 0)
            .payload(NftTable.Field.NEW_DESTINATION, 1)
            .expression(NftTable.Expression.META_PROTOCOL, 2)
            .payload(NftTable.Field.NEW_DESTINATION_PORT, 3)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, table.add(hairpins), 0, 0, 0)
            .expression(NftTable.Expression.MASQUERADE));
  }

  /** A machine that takes a packet through the rules, and then out. */
  @Override
  public Router router(Draws draws) {
    Router in = super.router(draws);
    NftRouter out = new NftRouter(table, "masquerading", draws);
    return packet -> {
      int verdict = in.route(packet);
      if (verdict <= Router.TRANSLATED) {
        out.route(packet);
      }
      return verdict;
    };
  }

  /** Elements of {@code hairpin-connections}. */
  public int hairpins() {
    return hairpins.size();
  }

  @Override
  int remove(Service service) {
    List<Service.Endpoint> before = written.remove(name(service));
    return before == null ? 0 : forget(service, before);
  }

  private int forget(Service service, List<Service.Endpoint> endpoints) {
    int removed = 0;
    for (Service.Endpoint e : endpoints) {
      hairpin(service, e);
      removed += hairpins.remove(key, 0) ? 1 : 0;
    }
    return removed;
  }

  @Override
  int fill(int chain, Service service) {
    List<Service.Endpoint> before = written.put(name(service), service.endpoints());
    int elements = before == null ? 0 : forget(service, before);
    key[0] = Integer.reverseBytes(service.address());
    clusterIps.put(key, 0, NftTable.CONTINUE, 0, 0);
    for (Service.Endpoint e : service.endpoints()) {
      if (here.test(e.address())) {
        hairpin(service, e);
        hairpins.put(key, 0, NftTable.CONTINUE, 0, 0);
        elements++;
      }
    }
    NftTable.Rules rules = table.new Rules();
    if (service.affinitySeconds() > 0) {
      jumps(rules, chain, service, false);
      table.rules(chain, rules);
      return elements + service.endpoints().size() + 1;
    }
    translate(rules, chain, service);
    table.rules(chain, rules);
    return elements + 1;
  }

  private void translate(NftTable.Rules rules, int chain, Service service) {
    List<Service.Endpoint> endpoints = service.endpoints();
    if (endpoints.size() == 1) {
      dnat(rules, service, endpoints.getFirst());
      return;
    }
    FixedHash map = new FixedHash(endpoints.size(), seeds.nextInt());
    for (int i = 0; i < endpoints.size(); i++) {
      Service.Endpoint e = endpoints.get(i);
      map.put(i, Integer.reverseBytes(e.address()), wire(e.port()));
    }
    protocol(rules, service)
        .expression(NftTable.Expression.NUMGEN, 0, endpoints.size(), 0)
        .expression(NftTable.Expression.LOOKUP_DATA, numbered(chain, map), 0, 0)
        .expression(NftTable.Expression.NAT, 0, 1);
  }

  private void hairpin(Service service, Service.Endpoint e) {
    key[0] = Integer.reverseBytes(e.address());
    key[1] = key[0];
    key[2] = service.protocol();
    key[3] = wire(e.port());
  }
}
