package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClocksTest {
  private static final long HOUR_NS = 3_600_000_000_000L;

  /** An instant an hour ahead is an hour ahead, however long reading both clocks took. */
  @Test
  void anInstantIsAsFarAwayOnBothClocks() {
    long before = System.nanoTime();
    Instant now = Instant.now();
    long told = Clocks.nanoTimeAt(now.toEpochMilli() + 3_600_000);
    long after = System.nanoTime();
    // off by no more than what passed meanwhile, and what was cut off of the millisecond
    assertThat(told - HOUR_NS).isBetween(before - (after - before) - 2_000_000, after + 1_000_000);
  }
}
