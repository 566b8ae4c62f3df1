package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** What is called balance after an event: what chance itself keeps, worked out pod by pod. */
record OfBalance(Facts facts) {
  private static final double EVEN = 1.25;
  private static final double KEPT = 0.975;
  private static final double SAME = 1e-4;

  /** Rows of recovery.csv have the bounds that follow from ledger, events and bins. */
  void hasItsBounds() {
    List<Map<String, String>> all = facts.text().rows("recovery");
    assertThat(all).isNotEmpty();
    for (Map<String, String> row : all) {
      is(facts.cell(row), row);
    }
  }

  private void is(Cell cell, Map<String, String> row) {
    String repetition = row.get("repetition");
    List<Map<String, String>> steps =
        cell.steps(repetition).stream()
            .filter(e ->
                e.get("event").equals(row.get("event"))
                    && e.get("asked_ms").equals(row.get("asked_ms")))
            .toList();
    double from = steps.stream().mapToDouble(e -> number(e, "begun_ms")).min().orElseThrow();
    double to = steps.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
    Set<String> pods = cell.endpoints(repetition, to);
    Set<String> joined = new HashSet<>();
    steps.stream()
        .filter(e -> e.get("step").equals("joined"))
        .forEach(e -> joined.addAll(Cell.podsOf(e)));
    joined.retainAll(pods);
    long n = cell.shortLived() ? answered(cell, repetition, from) : open(cell, repetition, from);
    busiest(row, n, pods.size());
    if (joined.isEmpty()) {
      assertThat(row).containsEntry("new_at_least_pct", "NA");
    } else {
      assertThat(number(row, "new_at_least_pct"))
          .isCloseTo(least(n, (double) joined.size() / pods.size()), within(SAME * 100));
    }
  }

  private static long open(Cell cell, String repetition, double ms) {
    return cell.rows("connections").stream()
        .filter(c -> c.get("repetition").equals(repetition))
        .filter(
            c -> number(c, "born_ms") < ms && !(number(c, "born_ms") + number(c, "lived_ms") <= ms))
        .count();
  }

  private static long answered(Cell cell, String repetition, double ms) {
    double begin = 100 * Math.floor(ms / 100 + 1e-6);
    return cell.bins(repetition, begin - 1000, begin)
        .filter(bin -> !bin.get(Facts.POD).equals("NA"))
        .mapToLong(bin -> Long.parseLong(bin.get(Facts.ANSWERED)))
        .sum();
  }

  private static void busiest(Map<String, String> row, long n, int pods) {
    double said = number(row, "max_over_mean_balanced");
    double before = number(row, "max_over_mean_before");
    double other = Math.max(EVEN, Double.isNaN(before) ? 0 : before);
    assertThat(said).isGreaterThan(other - SAME);
    if (n > 0 && pods > 0) {
      int most = (int) Math.floor(said * n / pods + SAME);
      assertThat(atMost(n, pods, most)).as(row::toString).isGreaterThan(KEPT - 1e-9);
      if (said > other + SAME) {
        assertThat(atMost(n, pods, most - 1)).as(row::toString).isLessThan(KEPT);
        assertThat(said).isCloseTo((double) most * pods / n, within(SAME));
      }
    } else {
      assertThat(said).isCloseTo(other, within(SAME));
    }
  }

  /** How often no pod gets more: pod after pod of what the others left. */
  private static double atMost(long n, int pods, int most) {
    double[] left = new double[(int) n + 1];
    left[(int) n] = 1;
    for (int pod = pods; pod >= 1; pod--) {
      double[] next = new double[left.length];
      for (int have = 0; have < left.length; have++) {
        if (left[have] > 0) {
          BinomialDistribution own = BinomialDistribution.of(have, 1.0 / pod);
          for (int c = 0; c <= Math.min(have, most); c++) {
            next[have - c] += left[have] * own.probability(c);
          }
        }
      }
      left = next;
    }
    return Arrays.stream(left).sum();
  }

  private static double least(long n, double share) {
    BinomialDistribution draw = BinomialDistribution.of((int) n, share);
    int least = 0;
    while (draw.cumulativeProbability(least) < 1 - KEPT) {
      least++;
    }
    return 100 * (n == 0 ? 1 / EVEN : Math.min(1 / EVEN, least / (n * share)));
  }
}
