package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;

/**
 * Scheduler rr ({@code net/netfilter/ipvs/ip_vs_rr.c}): from the last one on, the next with a
 * weight. One cursor for all clients of the node.
 */
final class RoundRobin extends Scheduler {
  /** Place of the last one chosen; -1 is the head of the list. */
  private int last = -1;

  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    RealServer[] servers = service.servers;
    int at = last;
    for (int tried = 0; tried < servers.length; tried++) {
      at = at + 1 < servers.length ? at + 1 : 0;
      if (servers[at].usable()) {
        last = at;
        return servers[at];
      }
    }
    return null;
  }

  /** The list grew at its head: the cursor stays with its real server. */
  @Override
  void added(VirtualServer service) {
    if (last >= 0) {
      last++;
    }
  }

  /** {@code ip_vs_rr_del_dest}: a cursor on the one that goes steps back. */
  @Override
  void removed(VirtualServer service, int at) {
    if (last >= at) {
      last--;
    }
  }
}
