package dev.conntrail.analysis.theory;

import java.util.OptionalInt;

/**
 * Connections that all began at the same moment, as after a rollout of their clients: they end
 * together too, the less so the more often they have been opened anew.
 *
 * @param age at which they end
 * @param connections how many
 */
public record Herd(MaximumAge age, double connections) {
  /** Cycles that are looked at, at most. */
  static final int MOST_CYCLES = 10_000;

  private static final double HALF_S = 0.5;

  /**
   * Connects that are expected in the second around a multiple of the mean age after the start,
   * where the herd is densest.
   *
   * @param cycle how many mean ages after the start, at least 1
   */
  public double peak(int cycle) {
    double at = cycle * age.meanAgeS();
    // who is opened anew for the n-th time then: ages are no shorter and no longer than these
    int first = (int) Math.max(1, Math.ceil((at - HALF_S) / age.allAfterS()));
    int last = (int) Math.floor((at + HALF_S) / (age.spread().low() * age.seconds()));
    double expected = 0;
    for (int n = first; n <= Math.max(first, last); n++) {
      expected += age.endedBy(n, at + HALF_S) - age.endedBy(n, at - HALF_S);
    }
    return connections * expected;
  }

  /**
   * The first cycle whose densest second has no more connects than so many times the mean, or one;
   * empty if none of ten thousand has: without jitter a herd stays one.
   *
   * @param times such as 2
   */
  public OptionalInt calmAfter(double times) {
    double calm = Math.max(1, times * age.connectsPerSecond(connections));
    if (age.spread().width() == 0 && connections > calm) {
      return OptionalInt.empty();
    }
    for (int cycle = 1; cycle <= MOST_CYCLES; cycle++) {
      if (peak(cycle) <= calm) {
        return OptionalInt.of(cycle);
      }
    }
    return OptionalInt.empty();
  }
}
