package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;

/**
 * Schedulers sh and dh ({@code net/netfilter/ipvs/ip_vs_sh.c}, {@code ip_vs_dh.c}): 256 buckets
 * filled in turn, in sh each real server as often as its weight; the source address, or in dh the
 * destination, picks one. Without the port in the hash, one client is one real server; a bucket
 * whose real server has no weight refuses.
 */
final class HashBuckets extends Scheduler {
  private static final int BITS = 8;
  private static final int SIZE = 1 << BITS;

  private final boolean bySource;
  private final RealServer[] buckets = new RealServer[SIZE];

  HashBuckets(boolean bySource) {
    this.bySource = bySource;
  }

  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    int address = bySource ? packet.source : packet.destination;
    RealServer server = buckets[JenkinsHash.goldenRatio(address, BITS)];
    return server == null || !server.usable() ? null : server;
  }

  /** {@code ip_vs_sh_reassign}, {@code ip_vs_dh_reassign}. */
  @Override
  void changed(VirtualServer service) {
    RealServer[] servers = service.servers;
    int at = 0;
    int filled = 0;
    for (int i = 0; i < SIZE; i++) {
      if (servers.length == 0) {
        buckets[i] = null;
      } else {
        buckets[i] = servers[at];
        filled++;
        if (!bySource || filled >= servers[at].weight) {
          at = (at + 1) % servers.length;
          filled = 0;
        }
      }
    }
  }
}
