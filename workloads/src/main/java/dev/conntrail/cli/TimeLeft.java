package dev.conntrail.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long a run still takes, by the steps that it has done since the first: what came before that
 * (a cluster that was made, a guest that booted) happens once.
 */
final class TimeLeft {
  private final LongSupplier clockNs;
  private int first = -1;
  private long sinceNs;

  /**
   * It.
   *
   * @param clockNs nanoseconds since any time
   */
  TimeLeft(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** With so many of all steps done; empty before a second one is. */
  synchronized Optional<Duration> after(long done, long all) {
    if (first < 0 && done > 0) {
      first = Math.toIntExact(done);
      sinceNs = clockNs.getAsLong();
    }
    return first < 0 || done == first
        ? Optional.empty()
        : Optional.of(
            Duration.ofNanos((clockNs.getAsLong() - sinceNs) / (done - first) * (all - done)));
  }
}
