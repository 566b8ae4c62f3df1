package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tells clients that a pod has fallen silent. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfSilence(Facts facts) {
  private static final double NS_PER_MS = 1e6;

  /** What clients with the same means saw of it. */
  private record Told(List<Map<String, String>> rows) {
    long struck() {
      return rows.stream()
          .filter(r -> !r.get("open_struck_count").equals("NA"))
          .mapToLong(r -> count(r, "open_struck_count"))
          .sum();
    }

    long broken() {
      return rows.stream()
          .mapToLong(r -> count(r, "open_reset_count") + count(r, "open_closed_count"))
          .sum();
    }

    List<Double> afterNs() {
      return rows.stream()
          .map(r -> number(r, "notice_p50_ms"))
          .filter(Double::isFinite)
          .map(ms -> ms * NS_PER_MS)
          .toList();
    }
  }

  void check(String id, String text) {
    Cell named = facts.measured(c -> id.endsWith("-" + c.id())).getFirst();
    Map<String, Told> by = new LinkedHashMap<>();
    for (Cell c :
        facts.measured(c ->
            c.is("protocol").equals(named.is("protocol"))
                && c.is("testbed").equals(named.is("testbed"))
                && c.is("events").matches("power-off=[^;]*"))) {
      c.rows("effects").stream()
          .filter(r -> r.get("cause").equals("power-off") && OfEffects.measured(c, r))
          .forEach(
              r -> by.computeIfAbsent(means(c), _ -> new Told(new ArrayList<>())).rows().add(r));
    }
    by.values().removeIf(t -> t.struck() == 0);
    Filled f =
        Phrase.read(
            "Open connections that broke when a pod fell silent ([*]), by what clients have against"
                + " it: [*]."
                + verdict(by),
            text);
    assertThat(f.words(0)).isEqualTo(named.is("protocol") + ", " + named.is("testbed"));
    List<String> items = OfVerdicts.items(f.words(1), by.size());
    List<String> means = List.copyOf(by.keySet());
    for (int i = 0; i < items.size(); i++) {
      told(items.get(i), means.get(i), by.get(means.get(i)));
    }
  }

  private static void told(String item, String means, Told told) {
    boolean seen = !told.afterNs().isEmpty();
    Filled f = Phrase.read(means + ": [*] ([n] on it)" + (seen ? ", seen after [t]" : ""), item);
    assertThat(f.words(0))
        .as(item)
        .isEqualTo(told.broken() == 0 ? "none" : Long.toString(told.broken()));
    f.is(1, told.struck());
    if (seen) {
      f.spansTimes(2, told.afterNs());
    }
  }

  private static String means(Cell c) {
    List<String> words = new ArrayList<>();
    if (!c.is("keep_alive").equals("none")) {
      String every = c.settings().getOrDefault("keep-alive-interval", "1s");
      words.add("keep-alive " + c.is("keep_alive") + " every " + every);
    }
    if (c.settings().containsKey("tcp-retries")) {
      words.add("tcp-retries " + c.settings().get("tcp-retries"));
    }
    return words.isEmpty() ? "nothing" : String.join(" and ", words);
  }

  /** Only where both told of all connections on the pod, and of no others. */
  private static String verdict(Map<String, Told> by) {
    DoubleSummaryStatistics kernel = new DoubleSummaryStatistics();
    DoubleSummaryStatistics pings = new DoubleSummaryStatistics();
    for (Map.Entry<String, Told> e : by.entrySet()) {
      boolean retries = e.getKey().startsWith("tcp-retries");
      if (retries || e.getKey().matches("keep-alive ping every \\d+s")) {
        if (e.getValue().broken() != e.getValue().struck()) {
          return "";
        }
        e.getValue().afterNs().forEach(ns -> (retries ? kernel : pings).accept(ns));
      }
    }
    if (kernel.getCount() == 0 || pings.getCount() == 0) {
      return "";
    }
    String when =
        pings.getMax() < kernel.getMin()
            ? "before the kernel had"
            : pings.getMin() > kernel.getMax()
                ? "after the kernel had"
                : "when the kernel did, which had";
    return " Pings told of it " + when + " sent data again for the last time.";
  }
}
