package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code hunts.csv}: one row for each cell whose clients share a pool that takes the first of its
 * connections that is free, and opens another if none is.
 *
 * @param batchesCount clients of all repetitions, each with a pool of its own
 * @param underWayLowCount requests of a client under way on average, by its rate and the median
 *     service time
 * @param underWayHighCount the same by the mean service time
 * @param first of the connection that the warm-up had used most of those open when measuring began
 * @param second of the next in that order
 * @param third of the one after that; not numbers where a pool had no third
 * @param inTurnPct a connection's share, were connections taken in turn
 * @param p two-sided probability of the share that is furthest from theory, times how many shares
 *     were looked at
 * @param pAdjusted the same after correction for all such tests of the run
 * @param inTurnFoundPct how often a pool would be found that takes its connections in turn
 * @param fit what follows
 */
public record HuntRow(
    String run,
    CellId cellId,
    long batchesCount,
    double underWayLowCount,
    double underWayHighCount,
    Share first,
    Share second,
    Share third,
    double inTurnPct,
    double p,
    double pAdjusted,
    double inTurnFoundPct,
    Fit fit) {
  /** Those that all pools have, in order. */
  public List<Share> shares() {
    return Stream.of(first, second, third).filter(s -> Double.isFinite(s.pct())).toList();
  }

  /**
   * How much of its client's requests a connection carried.
   *
   * @param pct mean over batches
   * @param lowPct the least of any
   * @param highPct the most
   * @param expectedLowPct the less that theory has of both loads, mean over batches
   * @param expectedHighPct the more
   */
  public record Share(
      double pct, double lowPct, double highPct, double expectedLowPct, double expectedHighPct) {
    /** Of none. */
    public static final Share NOTHING =
        new Share(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }
}
