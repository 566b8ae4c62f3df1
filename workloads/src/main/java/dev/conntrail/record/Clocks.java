package dev.conntrail.record;

import java.time.Duration;
import java.time.Instant;

/** From the wall clock, on which processes agree, to the clock by which each measures. */
public final class Clocks {
  private Clocks() {}

  /**
   * When {@link System#nanoTime()} has, or had, that instant. Both clocks are read one after the
   * other, so that it is true to some microseconds.
   *
   * @param epochMs milliseconds since the epoch
   */
  public static long nanoTimeAt(long epochMs) {
    return System.nanoTime()
        + Duration.between(Instant.now(), Instant.ofEpochMilli(epochMs)).toNanos();
  }
}
