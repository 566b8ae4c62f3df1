package dev.conntrail.analysis.theory;

import dev.conntrail.analysis.chance.FairDraw;
import java.util.OptionalInt;

/**
 * How many connections it takes for drawn pods to be even enough: by the law of large numbers, and
 * by nothing else.
 *
 * @param clients that each open the same number of connections, at least 1
 * @param pods that are drawn from, at least 1
 * @param imbalance most that the busiest pod may have over the mean, above 1
 */
public record PoolSize(int clients, int pods, double imbalance) {
  /** Connections in all up to which an answer is looked for. */
  public static final int MOST_CONNECTIONS = 200_000;

  /** Checks. */
  public PoolSize {
    if (clients < 1 || pods < 1 || !(imbalance > 1)) {
      throw new IllegalArgumentException(
          "pool: found %d clients, %d pods, imbalance %s; allowed: 1 or more, 1 or more, above 1"
              .formatted(clients, pods, imbalance));
    }
  }

  /** Probability, at any one moment, that the bound holds with so many connections a client. */
  public double sure(int each) {
    return new FairDraw((long) clients * each, pods).maxOverMeanAtMost(imbalance);
  }

  /**
   * Connections of each client with which the bound holds so surely; empty if that takes more than
   * {@link #MOST_CONNECTIONS} in all. Found by bisection: counts are whole numbers, so the
   * probability goes up in steps with small steps back, and a slightly smaller pool may do as well.
   *
   * @param probability such as 0.95
   */
  public OptionalInt reaching(double probability) {
    int most = MOST_CONNECTIONS / clients;
    int enough = 1;
    while (enough <= most && sure(enough) < probability) {
      enough *= 2;
    }
    if (enough > most) {
      if (most == 0 || sure(most) < probability) {
        return OptionalInt.empty();
      }
      enough = most;
    }
    int few = enough / 2;
    while (enough - few > 1) {
      int middle = (enough + few) >>> 1;
      if (sure(middle) >= probability) {
        enough = middle;
      } else {
        few = middle;
      }
    }
    return OptionalInt.of(enough);
  }
}
