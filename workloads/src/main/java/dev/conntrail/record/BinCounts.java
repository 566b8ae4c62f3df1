package dev.conntrail.record;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How often something happened in each of some bins of time. Safe for use by several threads. */
final class BinCounts {
  private final AtomicIntegerArray bins;

  BinCounts(int bins) {
    this.bins = new AtomicIntegerArray(bins);
  }

  /** How many bins there are. */
  int length() {
    return bins.length();
  }

  /** Once more in a bin. */
  void add(int bin) {
    bins.incrementAndGet(bin);
  }

  /** The same for one thread alone, which costs less. */
  void addPlain(int bin) {
    bins.setPlain(bin, bins.getPlain(bin) + 1);
  }

  /**
   * By the start of the bin, in milliseconds after that of the first; bins without any are left
   * out.
   *
   * @param binMs length of a bin
   */
  SortedMap<Long, Long> counts(long binMs) {
    SortedMap<Long, Long> counts = new TreeMap<>();
    for (int i = 0; i < bins.length(); i++) {
      if (bins.get(i) > 0) {
        counts.put(i * binMs, (long) bins.get(i));
      }
    }
    return counts;
  }
}
