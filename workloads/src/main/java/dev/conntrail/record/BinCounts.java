package dev.conntrail.record;

import java.util.SortedMap;
import java.util.TreeMap;

/** How often something happened in each of some bins of time. */
final class BinCounts {
  private final int[] bins;

  BinCounts(int bins) {
    this.bins = new int[bins];
  }

  /** How many bins there are. */
  int length() {
    return bins.length;
  }

  /** Once more in a bin. */
  void add(int bin) {
    bins[bin]++;
  }

  /** How often in a bin. */
  int in(int bin) {
    return bins[bin];
  }

  /**
   * By the start of the bin, in milliseconds after that of the first; bins without any are left
   * out.
   *
   * @param binMs length of a bin
   */
  SortedMap<Long, Long> counts(long binMs) {
    SortedMap<Long, Long> counts = new TreeMap<>();
    for (int i = 0; i < bins.length; i++) {
      if (bins[i] > 0) {
        counts.put(i * binMs, (long) bins[i]);
      }
    }
    return counts;
  }
}
