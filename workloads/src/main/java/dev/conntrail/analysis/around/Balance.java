package dev.conntrail.analysis.around;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.result.row.RecoveryRow;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What is called balance after an event: no more than chance itself makes of as many connections,
 * for nothing that draws pods can be evener than a fair draw. A fair draw keeps both bounds in 95 %
 * of draws at least, each in 97.5 %.
 *
 * @param atMost requests of the busiest endpoint over the mean
 * @param newAtLeast requests of endpoints that joined over an equal share of all; not a number
 *     where none joined
 * @param joined these endpoints
 */
record Balance(double atMost, double newAtLeast, Set<String> joined) {
  /** Busiest endpoint over mean, up to which requests are in balance whatever chance has. */
  static final double EVEN = 1.25;

  private static final double MISSED = 0.025;

  /** More than any second has; what is damaged may say anything. */
  private static final long MOST_CONNECTIONS = 1_000_000;

  /**
   * That which an event can be held to: as many connections as were open when it began, or as were
   * answered in the second before where each request has its own, on the endpoints at its end.
   *
   * @param before the busiest endpoint over the mean in that second; not a number if none had any
   */
  static Balance of(Watched seen, Happened h, double before) {
    Set<String> endpoints = seen.endpoints(h.toMs());
    Set<String> joined = new HashSet<>(h.added());
    joined.retainAll(endpoints);
    int begin = Watched.bin(h.fromMs());
    long connections =
        seen.protocol().longLived()
            ? seen.ledger().stream().filter(c -> c.openAt(h.fromMs())).count()
            : seen.answered(begin - Watched.SECOND, begin);
    long bounded = Math.clamp(connections, 0, MOST_CONNECTIONS);
    return new Balance(
        Math.max(atMost(bounded, endpoints.size()), Double.isNaN(before) ? 0 : before),
        newAtLeast(bounded, joined.size(), endpoints.size()),
        joined);
  }

  /** The busiest over the mean. */
  static double atMost(long connections, int pods) {
    if (connections == 0 || pods == 0) {
      return EVEN;
    }
    FairDraw draw = new FairDraw(connections, pods);
    return draw.maxOverMeanAtMost(EVEN) >= 1 - MISSED ? EVEN : draw.maxOverMeanWith(1 - MISSED);
  }

  /** Endpoints that joined over an equal share. */
  static double newAtLeast(long connections, int joined, int pods) {
    if (joined == 0) {
      return Double.NaN;
    }
    double share = (double) joined / pods;
    return connections == 0
        ? 1 / EVEN
        : Math.min(
            1 / EVEN,
            BinomialDistribution.of(Math.toIntExact(connections), share)
                    .inverseCumulativeProbability(MISSED)
                / (connections * share));
  }

  /** When the first second begins from which on all keep it; not a number if none. */
  double since(Watched seen, double fromMs, double untilMs) {
    int last = Watched.bin(untilMs);
    int hold = (int) (RecoveryRow.HOLDS_MS / Watched.BIN_MS);
    int since = -1;
    for (int i = Watched.binFrom(fromMs); i + Watched.SECOND <= last; i++) {
      if (!holds(seen, i, i + Watched.SECOND)) {
        since = -1;
      } else if (since < 0) {
        since = i;
      } else if (i + Watched.SECOND - since >= hold) {
        break;
      }
    }
    return since < 0 ? Double.NaN : Watched.ms(since);
  }

  private boolean holds(Watched seen, int from, int to) {
    Set<String> now = seen.endpoints(Watched.ms(from));
    if (!(seen.maxOverMean(now, from, to) <= atMost)) {
      return false;
    }
    long all = now.stream().mapToLong(pod -> seen.answered(pod, from, to)).sum();
    long[] ofNew =
        joined.stream().filter(now::contains).mapToLong(p -> seen.answered(p, from, to)).toArray();
    long sum = Arrays.stream(ofNew).sum();
    return ofNew.length == 0 || (double) sum * now.size() >= newAtLeast * all * ofNew.length;
  }
}
