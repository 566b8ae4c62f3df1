package dev.conntrail.record;

import java.time.Duration;
import java.time.Instant;

/** From the wall clock, on which processes agree, to the clock by which each measures. */
public final class Clocks {
  private static final int READINGS = 3;

  private Clocks() {}

  /**
   * When {@link System#nanoTime()} has, or had, that instant: both clocks are read a few times, one
   * after the other, and the pair counts between which least time went by.
   *
   * @param epochMs milliseconds since the epoch
   */
  public static long nanoTimeAt(long epochMs) {
    long at = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long before = System.nanoTime();
      Instant now = Instant.now();
      long gap = System.nanoTime() - before;
      if (gap < least) {
        least = gap;
        at = before + Duration.between(now, Instant.ofEpochMilli(epochMs)).toNanos();
      }
    }
    return at;
  }
}
