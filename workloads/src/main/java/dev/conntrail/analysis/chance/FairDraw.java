package dev.conntrail.analysis.chance;

import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What a fair draw gives, and the probability that it would keep a law that something else than a
 * draw is to keep: a law that most draws keep cannot be broken, so that it was kept shows nothing.
 *
 * @param connections how many, up to 1e9
 * @param pods how many, at least 1
 */
public record FairDraw(long connections, int pods) {
  private static final double SAME = 1e-9;

  /** Of the fullest pod; a page, and the next one, ask it of the same draws. */
  private static final Memo<FairDraw, Double> MOST = new Memo<>();

  /** Checks. */
  public FairDraw {
    if (connections < 0 || connections > Pairs.MOST_CONNECTIONS || pods < 1) {
      throw new IllegalArgumentException(
          "draw: found %d connections on %d pods; allowed: 0 to %d on 1 or more"
              .formatted(connections, pods, Pairs.MOST_CONNECTIONS));
    }
  }

  /**
   * Fewest and most that a pod gets.
   *
   * @param low fewest
   * @param high most
   */
  public record Band(long low, long high) {}

  /**
   * The counts that a fair draw gives to every pod, with a given probability for all pods together
   * (Bonferroni).
   *
   * @param confidence such as 0.99
   */
  public Band band(double confidence) {
    BinomialDistribution one = BinomialDistribution.of(Math.toIntExact(connections), 1.0 / pods);
    double tail = (1 - confidence) / (2 * pods);
    return new Band(one.inverseCumulativeProbability(tail), one.inverseSurvivalProbability(tail));
  }

  /** How many pods are expected to get none: k(1 - 1/k)^n. */
  public double expectedIdle() {
    return pods * Math.pow(1 - 1.0 / pods, (double) connections);
  }

  /**
   * The fullest pod over the mean pod, on average: exact up to 200,000 connections; beyond, what it
   * is above 1 shrinks with the square root of connections, to within 2 % of it. Not a number if
   * there are none.
   */
  public double expectedMaxOverMean() {
    if (connections == 0) {
      return Double.NaN;
    }
    long n = Math.min(connections, Occupancy.MOST_CONNECTIONS);
    double most =
        MOST.get(
            new FairDraw(n, pods), d -> new Occupancy((int) d.connections, pods).expectedMost());
    double ratio = most * pods / n;
    return 1 + (ratio - 1) * Math.sqrt((double) n / connections);
  }

  /**
   * Probability that the fullest pod has at most so many times the mean: exact up to 200,000
   * connections; beyond, that of 200,000, which is less, for the more connections, the nearer is
   * the fullest to the mean.
   *
   * @param ratio from 1 on
   */
  public double maxOverMeanAtMost(double ratio) {
    if (connections == 0) {
      return 1;
    }
    int n = (int) Math.min(connections, Occupancy.MOST_CONNECTIONS);
    // a whole number that was divided and multiplied again is that number
    return new Occupancy(n, pods).mostAtMost((long) Math.floor(ratio * n / pods + SAME));
  }

  /**
   * The least ratio of the fullest pod to the mean that a draw keeps with a probability; as exact
   * as {@link #maxOverMeanAtMost}. Not a number if there are no connections.
   *
   * @param probability from 0 to below 1
   */
  public double maxOverMeanWith(double probability) {
    if (connections == 0) {
      return Double.NaN;
    }
    int n = (int) Math.min(connections, Occupancy.MOST_CONNECTIONS);
    Occupancy draw = new Occupancy(n, pods);
    int few = Math.ceilDiv(n, pods) - 1;
    int enough = n;
    while (enough - few > 1) {
      int middle = (few + enough) >>> 1;
      if (draw.mostAtMost(middle) >= probability) {
        enough = middle;
      } else {
        few = middle;
      }
    }
    return (double) enough * pods / n;
  }

  /**
   * Probability that the fullest pod has at most so many connections more than the emptiest, as a
   * round robin gives it: exact up to 200,000 connections; beyond, that of 200,000, which is more,
   * for the more connections, the farther counts are apart.
   */
  public double spreadAtMost(long spread) {
    if (spread < 0) {
      return 0;
    }
    return connections == 0
        ? 1
        : new Occupancy((int) Math.min(connections, Occupancy.MOST_CONNECTIONS), pods)
            .spreadAtMost(spread);
  }

  /**
   * Probability that all connections come to one pod, whichever, as hashing the source gives it.
   */
  public double allOnOnePod() {
    return connections == 0 ? 1 : Math.pow(pods, 1.0 - connections);
  }

  /** The same in every one of several independent draws: clients, or repetitions. */
  public static double allOnOnePod(List<FairDraw> draws) {
    return draws.stream().mapToDouble(FairDraw::allOnOnePod).reduce(1, (a, b) -> a * b);
  }
}
