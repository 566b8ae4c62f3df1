package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.SipHash;

/**
 * Scheduler mh ({@code net/netfilter/ipvs/ip_vs_mh.c}): Maglev hashing (Eisenbud and others, NSDI
 * 2016) over a table of 4093 places, the default of {@code CONFIG_IP_VS_MH_TAB_INDEX}. Each real
 * server has its own permutation of the places and they take turns, weight by weight; when one goes
 * away, most places keep theirs. kube-proxy sets the flag that puts the port into the hash.
 */
final class Maglev extends Scheduler {
  /** The prime below 2^12. */
  static final int SIZE = 4093;

  private static final int MOST_BITS = 6;
  private static final long FIRST_KEY = 2654435761L;
  private static final long SECOND_KEY = 2654446892L;

  private final boolean withPort;
  private final boolean fallback;
  private final RealServer[] places = new RealServer[SIZE];

  Maglev(boolean withPort, boolean fallback) {
    this.withPort = withPort;
    this.fallback = fallback;
  }

  private static int hash(int address, int port, long key, int offset) {
    return SipHash.half(offset + port + address, key, key);
  }

  private static int place(int address, int port, int offset) {
    return Integer.remainderUnsigned(hash(address, port, FIRST_KEY, offset), SIZE);
  }

  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    int port = withPort ? packet.sourcePort : 0;
    int first = place(packet.source, port, 0);
    RealServer server = places[first];
    if (server == null || server.usable()) {
      return server;
    }
    if (fallback) {
      for (int i = 0; i < SIZE; i++) {
        server = places[place(packet.source, port, (i + first) % SIZE)];
        if (server.usable()) {
          return server;
        }
      }
    }
    return null;
  }

  /** {@code ip_vs_mh_permutate}, {@code ip_vs_mh_populate}. */
  @Override
  void changed(VirtualServer service) {
    java.util.Arrays.fill(places, null);
    RealServer[] servers = service.servers;
    int divisor = 0;
    int most = 0;
    for (RealServer server : servers) {
      divisor = WeightedRoundRobin.gcd(divisor, server.weight);
      most = Math.max(most, server.weight);
    }
    if (divisor < 1) {
      return;
    }
    int shift =
        Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(most / divisor) - MOST_BITS);
    int[] place = new int[servers.length];
    int[] skip = new int[servers.length];
    for (int i = 0; i < servers.length; i++) {
      place[i] = place(servers[i].address, servers[i].port, 0);
      skip[i] =
          Integer.remainderUnsigned(
                  hash(servers[i].address, servers[i].port, SECOND_KEY, 0), SIZE - 1)
              + 1;
    }
    int taken = 0;
    while (true) {
      for (int i = 0; i < servers.length; i++) {
        int turns = (servers[i].weight / divisor) >> shift;
        turns = turns == 0 && servers[i].weight != 0 ? 1 : turns;
        for (int turn = 0; turn < turns; turn++) {
          while (places[place[i]] != null) {
            place[i] = (place[i] + skip[i]) % SIZE;
          }
          places[place[i]] = servers[i];
          if (++taken == SIZE) {
            return;
          }
        }
      }
    }
  }
}
