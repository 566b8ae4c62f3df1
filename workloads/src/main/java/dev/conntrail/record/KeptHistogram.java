package dev.conntrail.record;

import org.HdrHistogram.Histogram;

/**
 * A histogram in no more memory than its values need, and made without garbage: a run keeps one a
 * second of each metric, and whoever collects garbage stops the clients meanwhile.
 */
final class KeptHistogram {
  private final long[] values;
  private final long[] counts;

  /** What is in a histogram now. */
  KeptHistogram(Histogram wide) {
    int different = 0;
    for (var _ : wide.recordedValues()) {
      different++;
    }
    values = new long[different];
    counts = new long[different];
    int i = 0;
    for (var value : wide.recordedValues()) {
      values[i] = value.getValueIteratedTo();
      counts[i++] = value.getCountAtValueIteratedTo();
    }
  }

  /** Adds its values to others'. */
  void addTo(Histogram others) {
    for (int i = 0; i < values.length; i++) {
      others.recordValueWithCount(values[i], counts[i]);
    }
  }
}
