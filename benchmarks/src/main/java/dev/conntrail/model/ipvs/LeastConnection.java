package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;

/**
 * Scheduler lc ({@code net/netfilter/ipvs/ip_vs_lc.c}): the fewest connections, an active one
 * counting as 256 inactive; the first of equals.
 */
final class LeastConnection extends Scheduler {
  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    RealServer least = null;
    int fewest = 0;
    for (RealServer server : service.servers) {
      if (server.usable()) {
        int overhead = (server.active << 8) + server.inactive;
        if (least == null || overhead < fewest) {
          least = server;
          fewest = overhead;
        }
      }
    }
    return least;
  }
}
