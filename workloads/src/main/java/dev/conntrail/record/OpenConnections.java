package dev.conntrail.record;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many connections each pod holds, in bins of time, from the lives in the ledger. */
public final class OpenConnections {
  /**
   * A connection's life.
   *
   * @param pod that it led to
   * @param bornMs when it was made, after the agreed start of the first phase; negative before it
   * @param diedMs when it ended, on the same clock; infinite, or not a number, if it had not
   */
  public record Life(String pod, double bornMs, double diedMs) {}

  private OpenConnections() {}

  /**
   * Connections that are open at the end of each bin, by pod; a list has one number for each bin.
   *
   * @param lives of all connections
   * @param binMs length of a bin; the first begins at 0
   * @param bins how many
   */
  public static SortedMap<String, List<Long>> byPod(List<Life> lives, double binMs, int bins) {
    SortedMap<String, long[]> changes = new TreeMap<>();
    for (Life life : lives) {
      long[] pod = changes.computeIfAbsent(life.pod(), _ -> new long[bins + 1]);
      int first = firstEndFrom(life.bornMs(), binMs, bins);
      int last = Double.isNaN(life.diedMs()) ? bins : firstEndFrom(life.diedMs(), binMs, bins);
      if (first < last) {
        pod[first]++;
        pod[last]--;
      }
    }
    SortedMap<String, List<Long>> open = new TreeMap<>();
    changes.forEach((pod, steps) -> open.put(pod, sums(steps, bins)));
    return open;
  }

  /** The first bin that ends then or later; {@code bins} if none does. */
  private static int firstEndFrom(double ms, double binMs, int bins) {
    return (int) Math.clamp(Math.ceil(ms / binMs) - 1, 0, bins);
  }

  private static List<Long> sums(long[] steps, int bins) {
    Long[] sums = new Long[bins];
    long open = 0;
    for (int i = 0; i < bins; i++) {
      open += steps[i];
      sums[i] = open;
    }
    return List.of(sums);
  }
}
