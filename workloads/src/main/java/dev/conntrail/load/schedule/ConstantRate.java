package dev.conntrail.load.schedule;

/**
 * Request {@code i} (from 0) is due {@code i / rate} seconds after the start.
 *
 * @param perSecond requests
 */
public record ConstantRate(int perSecond) implements Paced {
  private static final long WHOLE_NS = 1_000_000_000L;

  public ConstantRate {
    if (perSecond < 1) {
      throw new IllegalArgumentException("a rate is at least 1");
    }
  }

  /** Exact for any length of run: floor(i * 10^9 / rate). */
  @Override
  public long dueNs(long i) {
    return i / perSecond * WHOLE_NS + i % perSecond * WHOLE_NS / perSecond;
  }

  @Override
  public double atNs(double requests) {
    return requests * SECOND_NS / perSecond;
  }
}
