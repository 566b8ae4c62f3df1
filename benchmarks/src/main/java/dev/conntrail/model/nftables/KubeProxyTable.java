package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The part of table {@code kube-proxy} that a first packet meets in nftables mode ({@code
 * pkg/proxy/nftables/proxier.go}): nat-prerouting jumps to {@code services}, whose rule asks the
 * verdict map {@code service-ips} for address, protocol and port; what the Service's chain does
 * then differs between versions. Expressions are those that nft 1.0.6 makes of that text ({@code
 * nft --debug=netlink}).
 */
public abstract sealed class KubeProxyTable permits EndpointChains, InlineEndpoints {
  /** The base chain. */
  public static final String BASE = "nat-prerouting";

  /** {@code 1 << masqueradeBit}. */
  public static final int MARK = 0x4000;

  /** A comparison of all bits. */
  static final int ALL = -1;

  private static final int KEY_WORDS = 3;
  private static final int SHORT = 0xffff;

  final NftTable table = new NftTable();
  final SplittableRandom seeds;

  /** Pods' network, as on the wire. */
  final int clusterNetwork;

  /** Its mask; 0 if there is none, and nothing is marked. */
  final int clusterMask;

  private final ResizableHash serviceIps;
  private final int serviceMap;
  private final int nodePorts;
  private final int[] key = new int[KEY_WORDS];
  private final Map<Integer, Integer> maps = new HashMap<>();

  /**
   * A table without Services.
   *
   * @param clusterNetwork pods' network, host order
   * @param clusterMask its mask; 0 if there is none
   */
  KubeProxyTable(int clusterNetwork, int clusterMask, long seed) {
    this.seeds = new SplittableRandom(seed);
    this.clusterNetwork = Integer.reverseBytes(clusterNetwork & clusterMask);
    this.clusterMask = Integer.reverseBytes(clusterMask);
    this.serviceIps = new ResizableHash(KEY_WORDS, seeds.nextLong());
    this.serviceMap = table.add(serviceIps);
    this.nodePorts = table.add(new ResizableHash(1, seeds.nextLong()));
    table.rules(
        table.chain(BASE),
        table.new Rules().rule().verdict(NftTable.JUMP, table.chain("services")));
  }

  /**
   * The rules of chain {@code services} that find the Service.
   *
   * @param rules what comes before them
   */
  final void dispatch(NftTable.Rules rules) {
    table.rules(
        table.chain("services"),
        rules
            .rule()
            .payload(NftTable.Field.DESTINATION, 0)
            .expression(NftTable.Expression.META_PROTOCOL, 1)
            .payload(NftTable.Field.DESTINATION_PORT, 2)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, serviceMap, 0, 1, 0)
            .rule()
            .payload(NftTable.Field.DESTINATION, 0)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, nodePorts, 0, 0, 0));
  }

  /** Adds the expressions that mark a packet for masquerading. */
  static NftTable.Rules mark(NftTable.Rules rules) {
    return rules
        .expression(NftTable.Expression.META_MARK, 0)
        .expression(NftTable.Expression.BITWISE, 0, 0, ~MARK, MARK)
        .expression(NftTable.Expression.META_SET_MARK, 0);
  }

  /** A machine that runs this table. */
  public Router router(Draws draws) {
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
  public final int put(Service service) {
    if (service.endpoints().isEmpty()) {
      key(service);
      serviceIps.remove(key, 0);
      return 1 + remove(service);
    }
    int chain = table.chain(name(service));
    int written = fill(chain, service);
    key(service);
    serviceIps.put(key, 0, NftTable.GOTO, chain, 0);
    return written + 1;
  }

  /** Forgets what else there is of a Service; how many elements that were. */
  abstract int remove(Service service);

  /** Writes the rules of a Service; how many chains and elements that were. */
  abstract int fill(int chain, Service service);

  private void key(Service service) {
    key[0] = Integer.reverseBytes(service.address());
    key[1] = service.protocol();
    key[2] = wire(service.port());
  }

  /** A port as on the wire. */
  static int wire(int port) {
    return Short.reverseBytes((short) port) & SHORT;
  }

  /** The number of a Service's anonymous map; an older one is replaced. */
  final int numbered(int chain, FixedHash map) {
    Integer number = maps.get(chain);
    if (number == null) {
      number = table.add(map);
      maps.put(chain, number);
    } else {
      table.replace(number, map);
    }
    return number;
  }

  /** Adds the rules that send a client where it was last, and those that draw an endpoint. */
  final void jumps(NftTable.Rules rules, int chain, Service service, boolean hairpin) {
    List<Service.Endpoint> endpoints = service.endpoints();
    FixedHash map = new FixedHash(endpoints.size(), seeds.nextInt());
    for (int i = 0; i < endpoints.size(); i++) {
      int affinity =
          service.affinitySeconds() == 0 ? -1 : table.add(new ResizableHash(1, seeds.nextLong()));
      int endpoint = endpoint(service, endpoints.get(i), affinity, hairpin);
      if (affinity >= 0) {
        rules
            .rule()
            .payload(NftTable.Field.SOURCE, 0)
            .expression(NftTable.Expression.LOOKUP_RESIZABLE, affinity, 0, 0, 0)
            .verdict(NftTable.GOTO, endpoint);
      }
      map.put(i, NftTable.GOTO, endpoint);
    }
    rules
        .rule()
        .expression(NftTable.Expression.NUMGEN, 0, endpoints.size(), 0)
        .expression(NftTable.Expression.LOOKUP_FIXED, numbered(chain, map), 0);
  }

  private int endpoint(Service service, Service.Endpoint endpoint, int affinity, boolean hairpin) {
    int chain = table.chain(name(service) + "__" + endpoint.address() + "/" + endpoint.port());
    NftTable.Rules rules = table.new Rules();
    if (hairpin) {
      rules
          .rule()
          .payload(NftTable.Field.SOURCE, 0)
          .compare(0, Integer.reverseBytes(endpoint.address()), ALL, true)
          .verdict(NftTable.JUMP, table.chain("mark-for-masquerade"));
    }
    if (affinity >= 0) {
      rules
          .rule()
          .payload(NftTable.Field.SOURCE, 0)
          .expression(NftTable.Expression.UPDATE, affinity, 0, service.affinitySeconds());
    }
    table.rules(chain, dnat(rules, service, endpoint));
    return chain;
  }

  /** Adds the rule that translates to one endpoint. */
  static NftTable.Rules dnat(NftTable.Rules rules, Service service, Service.Endpoint endpoint) {
    return protocol(rules, service)
        .immediate(0, Integer.reverseBytes(endpoint.address()))
        .immediate(1, wire(endpoint.port()))
        .expression(NftTable.Expression.NAT, 0, 1);
  }

  /** Begins a rule for the Service's protocol. */
  static NftTable.Rules protocol(NftTable.Rules rules, Service service) {
    return rules
        .rule()
        .expression(NftTable.Expression.META_PROTOCOL, 0)
        .compare(0, service.protocol(), ALL, true);
  }

  /** What chains of a Service are called after. */
  static String name(Service service) {
    return "service-"
        + service.address()
        + "/"
        + (service.protocol() == Packet.TCP ? "tcp" : String.valueOf(service.protocol()))
        + "/"
        + service.port();
  }
}
