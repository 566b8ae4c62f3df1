package dev.conntrail.load.schedule;

/** When requests are due: pure, the same each time it is asked and on every machine. */
public sealed interface FireTimes permits Paced, Poisson {
  /**
   * When request {@code i} (from 0) is due, in nanoseconds after the start; none before an earlier
   * one.
   */
  long dueNs(long i);
}
