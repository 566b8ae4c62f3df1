package dev.conntrail.load.schedule;

/**
 * Request {@code i} (from 0) is due {@code i / rate} seconds after the start, and belongs to caller
 * {@code i mod callers}.
 *
 * @param requestsPerSecond over all callers
 * @param callers that take turns
 */
public record ConstantRate(int requestsPerSecond, int callers) implements FireTimes {
  private static final long SECOND_NS = 1_000_000_000L;

  public ConstantRate {
    if (requestsPerSecond < 1 || callers < 1) {
      throw new IllegalArgumentException("rate and callers must be at least 1");
    }
  }

  /**
   * When request {@code i} is due, in nanoseconds after the start: floor(i * 10^9 / rate), exact
   * for any length of run.
   */
  @Override
  public long dueNs(long i) {
    return i / requestsPerSecond * SECOND_NS
        + i % requestsPerSecond * SECOND_NS / requestsPerSecond;
  }

  @Override
  public long dueNs(int caller, long k) {
    return dueNs(k * callers + caller);
  }

  @Override
  public int callerOf(long i) {
    return (int) (i % callers);
  }
}
