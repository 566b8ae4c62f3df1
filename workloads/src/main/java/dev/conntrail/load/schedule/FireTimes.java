package dev.conntrail.load.schedule;

/** When requests are due, and whose they are: pure, the same each time it is asked. */
public interface FireTimes {
  /**
   * When request {@code i} (from 0) is due, in nanoseconds after the start; none before an earlier
   * one.
   */
  long dueNs(long i);

  /** Whose turn request {@code i} is; callers take turns. */
  int callerOf(long i);

  /** When the {@code k}-th request (from 0) of a caller is due. */
  long dueNs(int caller, long k);
}
