package dev.conntrail.spec;

import java.time.Duration;

/**
 * The phases of a repetition.
 *
 * @param warmup connections are opened and requests sent, nothing is recorded but the ledger
 * @param measure requests are recorded
 * @param drain the longest wait for outstanding replies before connections are closed
 */
public record Phases(Duration warmup, Duration measure, Duration drain) {
  /** Warm-up and measure together. */
  public Duration sending() {
    return warmup.plus(measure);
  }
}
