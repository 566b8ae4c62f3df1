package dev.conntrail.record;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/**
 * Response times of the requests that were due in one bin. There may be thousands of bins, and a
 * wide histogram for each would take gigabytes: one that is not much used any more is packed.
 */
final class BinTimes {
  /** Times are told apart from here on: a microsecond. */
  private static final long SMALLEST_NS = 1000;

  private Histogram answered = small();
  private Histogram censored = small();

  private static Histogram small() {
    Histogram h = new Histogram(SMALLEST_NS, 2 * SMALLEST_NS, Replies.SIGNIFICANT_DIGITS);
    h.setAutoResize(true);
    return h;
  }

  /** Of those that were answered, nanoseconds. */
  Histogram answered() {
    return answered;
  }

  /** Until those failed or were given up that were not, nanoseconds. */
  Histogram censored() {
    return censored;
  }

  void pack() {
    answered = packed(answered);
    censored = packed(censored);
  }

  /** All their values in as little memory as they need; recording into it takes longer. */
  static Histogram packed(Histogram... parts) {
    Histogram packed =
        new PackedHistogram(SMALLEST_NS, 2 * SMALLEST_NS, Replies.SIGNIFICANT_DIGITS);
    packed.setAutoResize(true);
    for (Histogram part : parts) {
      packed.add(part);
    }
    return packed;
  }
}
