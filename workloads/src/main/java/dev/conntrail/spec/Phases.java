package dev.conntrail.spec;

import java.time.Duration;

/**
 * The phases of a repetition.
 *
 * @param warmup connections are opened and requests sent; of what is recorded the ledger is kept
 *     and the pods' bins
 * @param idle connections are kept, and no request is sent; mostly none
 * @param measure requests are recorded
 * @param drain the longest wait for outstanding replies before connections are closed
 */
public record Phases(Duration warmup, Duration idle, Duration measure, Duration drain) {
  /** Warm-up and measure together. */
  public Duration sending() {
    return warmup.plus(measure);
  }

  /** From the start of the first phase to that of the measure phase. */
  public Duration beforeMeasure() {
    return warmup.plus(idle);
  }

  /** All but the drain. */
  public Duration length() {
    return beforeMeasure().plus(measure);
  }
}
