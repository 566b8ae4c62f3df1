package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Power;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.spec.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Connections of clients on the proxies of a pool, as these counted them.
 *
 * @param counts by repetition, proxies in order
 */
record DrawnProxies(List<long[]> counts) {
  private static final double PCT = 100;

  /** Empty where the Service's rules draw no proxy, or nothing was seen. */
  static Optional<DrawnProxies> of(CellResults cell) {
    Cell c = cell.cell();
    if (!c.drawsProxies()) {
      return Optional.empty();
    }
    List<long[]> counts = new ArrayList<>();
    for (RepetitionResults r : cell.counted()) {
      List<CounterRow> counters = r.rows(Tables.COUNTERS);
      long[] each = new long[c.proxies()];
      Arrays.setAll(each, i -> connections(counters, "proxy-" + (i + 1)));
      if (Arrays.stream(each).sum() > 0) {
        counts.add(each);
      }
    }
    return counts.isEmpty() ? Optional.empty() : Optional.of(new DrawnProxies(counts));
  }

  private static long connections(List<CounterRow> counters, String proxy) {
    return counters.stream()
        .filter(c -> c.source().equals(proxy) && c.counter().equals("connections_count"))
        .mapToLong(c -> Math.round(c.value()))
        .sum();
  }

  /**
   * Judges.
   *
   * @param tests of this kind in the run
   */
  CureRow.OnProxies judged(int tests) {
    long[] sums = Uniformity.sums(counts.toArray(long[][]::new));
    long connections = Arrays.stream(sums).sum();
    double level = Verdicts.FAMILY_ERROR / tests;
    double p = Uniformity.pooled(sums).p();
    double power = new Power(connections, sums.length, level).againstTwice();
    return new CureRow.OnProxies(
        sums.length,
        counts.stream().mapToDouble(DrawnProxies::busiestOverMean).average().orElseThrow(),
        counts.stream()
            .mapToDouble(
                n -> new FairDraw((int) Arrays.stream(n).sum(), n.length).expectedMaxOverMean())
            .average()
            .orElseThrow(),
        p,
        Math.min(1, p * tests),
        PCT * power,
        Optional.of(CureRows.fit(p, level, power)));
  }

  private static double busiestOverMean(long[] n) {
    return (double) Arrays.stream(n).max().orElseThrow() * n.length / Arrays.stream(n).sum();
  }
}
