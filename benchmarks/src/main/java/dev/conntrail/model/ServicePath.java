package dev.conntrail.model;

import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.RealServer;

/**
 * The way of a packet to a Service on a node: connection tracking first; only a packet of no known
 * connection meets the rules ({@code nf_nat_inet_fn}, {@code net/netfilter/nf_nat_core.c}: rules
 * run once for a connection, later packets are rewritten from its tuples).
 */
public final class ServicePath {
  /** {@code nf_conntrack_tcp_timeout_established} as kube-proxy sets it, seconds. */
  public static final int ESTABLISHED_SECONDS = 86_400;

  /** {@code IP_VS_TCP_S_ESTABLISHED}: how long ipvs keeps an idle connection, seconds. */
  public static final int IPVS_SECONDS = 900;

  /** {@code MAX_CHAINLEN - MIN_CHAINLEN}: by how much a chain may be longer, drawn each time. */
  private static final int CHAIN_ALLOWANCE = 30;

  private final ConntrackTable table;
  private final Router router;
  private final Draws draws;
  private final ConnectionTable ipvs;

  /** A path whose rules are a router's, in iptables and nftables mode. */
  public ServicePath(ConntrackTable table, Router router, Draws draws) {
    this(table, router, draws, null);
  }

  /**
   * A path in ipvs mode: its hook sees every packet, so a packet of a known connection is looked up
   * twice, in conntrack and in ipvs's own table ({@code ip_vs_in_hook}).
   *
   * @param ipvs ipvs's connections; null in other modes
   */
  public ServicePath(ConntrackTable table, Router router, Draws draws, ConnectionTable ipvs) {
    this.table = table;
    this.router = router;
    this.draws = draws;
    this.ipvs = ipvs;
  }

  /** Takes a packet through; one of the words of {@link Router}. */
  public int take(Packet packet) {
    int node = table.find(packet, 0, 0);
    if (node == ConntrackTable.NONE) {
      return first(packet);
    }
    int verdict = known(packet, node);
    table.put(node);
    return verdict;
  }

  /** A packet of a connection that conntrack knows. */
  private int known(Packet packet, int node) {
    int connection = node >> 1;
    boolean translated = (table.status(connection) & ConntrackTable.DESTINATION_NAT) != 0;
    if (translated && (node & 1) == 0) {
      if (ipvs == null) {
        packet.endpoint = table.serverAddress(connection);
        packet.endpointPort = table.serverPort(connection);
      } else if (!ipvsKnows(packet)) {
        return Router.DROPPED;
      }
    }
    table.refresh(connection, ESTABLISHED_SECONDS);
    return translated ? Router.TRANSLATED : Router.PASSED;
  }

  /** A packet of none: the rules, then a connection of its own. */
  private int first(Packet packet) {
    int verdict = router.route(packet);
    if (verdict != Router.TRANSLATED && verdict != Router.PASSED) {
      return verdict;
    }
    int allowance = JenkinsHash.scale(draws.next(), CHAIN_ALLOWANCE);
    if (table.insert(packet, 0, 0, ESTABLISHED_SECONDS, ConntrackTable.ASSURED, allowance) < 0) {
      return Router.DROPPED;
    }
    if (ipvs != null && verdict == Router.TRANSLATED) {
      ipvs.add(
          packet.source,
          packet.sourcePort,
          packet.destination,
          packet.destinationPort,
          packet.protocol,
          new RealServer(packet.endpoint, packet.endpointPort, 1),
          IPVS_SECONDS);
    }
    return verdict;
  }

  private boolean ipvsKnows(Packet packet) {
    int found = ipvs.find(packet);
    if (found == ConnectionTable.NONE) {
      return false;
    }
    ipvs.translate(found, packet);
    ipvs.refresh(found, IPVS_SECONDS);
    return true;
  }
}
