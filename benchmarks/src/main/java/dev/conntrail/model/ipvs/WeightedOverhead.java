package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;

/**
 * Schedulers wlc, sed and nq ({@code net/netfilter/ipvs/ip_vs_wlc.c}, {@code ip_vs_sed.c}, {@code
 * ip_vs_nq.c}): the least overhead for its weight, compared by products of 64 bits; the first of
 * equals. nq takes an idle one at once.
 */
final class WeightedOverhead extends Scheduler {
  /** What counts as overhead. */
  enum Rule {
    /** As lc: 256 times active, plus inactive. */
    WLC,
    /** Active connections and the one that would come: the expected delay. */
    SED,
    /** As sed, but an idle real server is taken at once: never queue. */
    NQ
  }

  private final Rule rule;

  WeightedOverhead(Rule rule) {
    this.rule = rule;
  }

  @Override
  RealServer schedule(VirtualServer service, Packet packet) {
    RealServer least = null;
    long fewest = 0;
    for (RealServer server : service.servers) {
      if (server.usable()) {
        long overhead =
            rule == Rule.WLC ? ((long) server.active << 8) + server.inactive : server.active + 1L;
        if (rule == Rule.NQ && server.active == 0) {
          return server;
        }
        if (least == null || fewest * server.weight > overhead * least.weight) {
          least = server;
          fewest = overhead;
        }
      }
    }
    return least;
  }
}
