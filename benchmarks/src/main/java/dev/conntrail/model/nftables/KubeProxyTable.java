package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The part of table {@code kube-proxy} that a first packet meets in nftables mode of 1.34 ({@code
 * pkg/proxy/nftables/proxier.go}): nat-prerouting jumps to {@code services}, whose rule asks the
 * verdict map {@code service-ips} for address, protocol and port; the Service's chain marks what
 * comes from outside the cluster, asks the affinity sets, then takes an endpoint by {@code numgen
 * random} from an anonymous map; the endpoint's chain marks hairpin traffic and does the DNAT.
 * Expressions are those that nft 1.0.6 makes of that text ({@code nft --debug=netlink}).
 */
public final class KubeProxyTable {
  /** The base chain. */
  public static final String BASE = "nat-prerouting";

  /** {@code 1 << masqueradeBit}. */
  public static final int MARK = 0x4000;

  private static final int KEY_WORDS = 3;
  private static final int ALL = -1;
  private static final int SHORT = 0xffff;

  private final NftTable table = new NftTable();
  private final ResizableHash serviceIps;
  private final ResizableHash nodePortIps;
  private final SplittableRandom seeds;
  private final int clusterNetwork;
  private final int clusterMask;
  private final int[] key = new int[KEY_WORDS];
  private final Map<Integer, Integer> maps = new HashMap<>();

  /**
   * A table without Services.
   *
   * @param clusterNetwork pods' network, host order
   * @param clusterMask its mask; 0 if there is none, and nothing is marked
   */
  public KubeProxyTable(int clusterNetwork, int clusterMask, long seed) {
    this.seeds = new SplittableRandom(seed);
    this.clusterNetwork = Integer.reverseBytes(clusterNetwork & clusterMask);
    this.clusterMask = Integer.reverseBytes(clusterMask);
    this.serviceIps = new ResizableHash(KEY_WORDS, seeds.nextLong());
    this.nodePortIps = new ResizableHash(1, seeds.nextLong());
    int map = table.add(serviceIps);
    int nodePorts = table.add(nodePortIps);
    table.rules(
        table.chain(BASE),
        table.new Rules().rule().verdict(NftTable.JUMP, table.chain("services")));
    table.rules(
        table.chain("services"),
        table.new Rules()
            .rule()
            .payload(NftTable.Field.DESTINATION, 0)
            .expression(NftTable.Expression.META_PROTOCOL, 1)
            .payload(NftTable.Field.DESTINATION_PORT, 2)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, map, 0, 1, 0)
            .rule()
            .payload(NftTable.Field.DESTINATION, 0)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, nodePorts, 0, 0, 0));
    table.rules(
        table.chain("mark-for-masquerade"),
        table.new Rules()
            .rule()
            .expression(NftTable.Expression.META_MARK, 0)
            .expression(NftTable.Expression.BITWISE, 0, 0, ~MARK, MARK)
            .expression(NftTable.Expression.META_SET_MARK, 0));
  }

  /** A machine that runs this table. */
  public NftRouter router(Draws draws) {
    return new NftRouter(table, BASE, draws);
  }

  /** Elements of {@code service-ips}. */
  public int services() {
    return serviceIps.size();
  }

  /**
   * Adds a Service, or replaces its endpoints; a Service without any loses its element.
   *
   * @return chains and elements that were written
   */
  public int put(Service service) {
    key(service);
    if (service.endpoints().isEmpty()) {
      serviceIps.remove(key, 0);
      return 1;
    }
    int chain = table.chain(name("service", service.address(), service.port(), service.protocol()));
    fill(chain, service);
    key(service);
    serviceIps.put(key, 0, NftTable.GOTO, chain, 0);
    return service.endpoints().size() + 2;
  }

  private void key(Service service) {
    key[0] = Integer.reverseBytes(service.address());
    key[1] = service.protocol();
    key[2] = Short.toUnsignedInt(Short.reverseBytes((short) service.port()));
  }

  private void fill(int chain, Service service) {
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
    List<Service.Endpoint> endpoints = service.endpoints();
    FixedHash map = new FixedHash(endpoints.size(), seeds.nextInt());
    for (int i = 0; i < endpoints.size(); i++) {
      int affinity =
          service.affinitySeconds() == 0 ? -1 : table.add(new ResizableHash(1, seeds.nextLong()));
      int endpoint = endpoint(service, endpoints.get(i), affinity);
      if (affinity >= 0) {
        rules
            .rule()
            .payload(NftTable.Field.SOURCE, 0)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, affinity, 0, 0, 0)
            .verdict(NftTable.GOTO, endpoint);
      }
      map.put(i, NftTable.GOTO, endpoint);
    }
    Integer number = maps.get(chain);
    if (number == null) {
      number = table.add(map);
      maps.put(chain, number);
    } else {
      table.replace(number, map);
    }
    rules
        .rule()
        .expression(NftTable.Expression.NUMGEN, 0, endpoints.size(), 0)
        .expression(NftTable.Expression.LOOKUP_FIXED, number, 0);
    table.rules(chain, rules);
  }

  private int endpoint(Service service, Service.Endpoint endpoint, int affinity) {
    int chain =
        table.chain(
            name("service", service.address(), service.port(), service.protocol())
                + "__"
                + endpoint.address()
                + "/"
                + endpoint.port());
    int address = Integer.reverseBytes(endpoint.address());
    NftTable.Rules rules =
        table.new Rules()
            .rule()
            .payload(NftTable.Field.SOURCE, 0)
            .compare(0, address, ALL, true)
            .verdict(NftTable.JUMP, table.chain("mark-for-masquerade"));
    if (affinity >= 0) {
      rules
          .rule()
          .payload(NftTable.Field.SOURCE, 0)
          .expression(NftTable.Expression.UPDATE, affinity, 0, service.affinitySeconds());
    }
    rules
        .rule()
        .expression(NftTable.Expression.META_PROTOCOL, 0)
        .compare(0, service.protocol(), ALL, true)
        .immediate(0, address)
        .immediate(1, Short.reverseBytes((short) endpoint.port()) & SHORT)
        .expression(NftTable.Expression.NAT, 0, 1);
    table.rules(chain, rules);
    return chain;
  }

  private static String name(String prefix, int address, int port, int protocol) {
    return prefix
        + "-"
        + address
        + "/"
        + (protocol == Packet.TCP ? "tcp" : String.valueOf(protocol))
        + "/"
        + port;
  }
}
