package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;

/**
 * Scheduler wrr ({@code net/netfilter/ipvs/ip_vs_wrr.c}): rounds for the current weight, which
 * falls from the highest by the greatest common divisor.
 */
final class WeightedRoundRobin extends Scheduler {
  private int last = -1;
  private int current;
  private int step = 1;
  private int highest;

  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    RealServer[] servers = service.servers;
    if (highest == 0) {
      return null;
    }
    int at = last;
    for (int rounds = 0; rounds <= highest / step + 2; rounds++) {
      while (++at < servers.length) {
        if (!servers[at].overloaded && servers[at].weight >= current) {
          last = at;
          return servers[at];
        }
      }
      at = -1;
      current -= step;
      if (current <= 0) {
        current = highest;
      }
    }
    return null;
  }

  /** {@code ip_vs_wrr_dest_changed} sets the mark to the head of the list. */
  @Override
  void changed(VirtualServer service) {
    last = -1;
    int divisor = 0;
    int most = 0;
    for (RealServer server : service.servers) {
      divisor = gcd(divisor, server.weight);
      most = Math.max(most, server.weight);
    }
    step = Math.max(divisor, 1);
    highest = most == 0 ? 0 : most - (step - 1);
    if (current > highest || current == 0) {
      current = highest;
    } else if (step > 1) {
      current = current / step * step + 1;
    }
  }

  static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
