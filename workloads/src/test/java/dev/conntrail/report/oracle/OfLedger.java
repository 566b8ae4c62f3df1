package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What events did to connections, counted anew in the ledger. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfLedger(Facts facts) {
  private static final Set<String> BROKEN =
      Set.of("reset", "timed-out", "goodbye", "peer-fin", "error");

  /** Steps since which the pods that they name serve no more. */
  private static final Set<String> LEAVING = Set.of("left", "ended", "killed", "silenced");

  /** Rows of effects.csv that are about events say what ledger and events do. */
  void areTheEffects() {
    for (Cell c : facts.measured()) {
      for (Map<String, String> s : c.summaries()) {
        List<Map<String, String>> steps = in(c, s, "events");
        List<Map<String, String>> effects =
            in(c, s, "effects").stream().filter(r -> !r.get("cause").equals("idle")).toList();
        Map<String, List<Map<String, String>>> events = new LinkedHashMap<>();
        steps.stream()
            .sorted(Comparator.comparingDouble(e -> number(e, "begun_ms")))
            .forEach(e ->
                events
                    .computeIfAbsent(
                        e.get("event") + "@" + e.get("asked_ms"), _ -> new java.util.ArrayList<>())
                    .add(e));
        List<List<Map<String, String>>> over =
            events.values().stream()
                .filter(e -> e.stream().noneMatch(step -> step.get("step").equals("cut-short")))
                .toList();
        assertThat(effects).hasSameSizeAs(over);
        int place = 0;
        for (List<Map<String, String>> event : over) {
          double from = number(event.getFirst(), "begun_ms");
          double until =
              events.values().stream()
                  .mapToDouble(e -> number(e.getFirst(), "begun_ms"))
                  .filter(ms -> ms > from)
                  .min()
                  .orElse(Double.POSITIVE_INFINITY);
          is(
              effects.get(place++),
              event,
              until,
              in(c, s, "connections"),
              count(s, "requests_failed_count"));
        }
      }
    }
  }

  /** Rows of recovery.csv say when pods that left were last heard of, as events and ledger do. */
  void isTheLastOfWhoLeft() {
    List<Map<String, String>> all = facts.text().rows("recovery");
    assertThat(all).isNotEmpty();
    for (Map<String, String> row : all) {
      Predicate<Map<String, String>> same =
          r ->
              r.get("cell_id").equals(row.get("cell_id"))
                  && r.get("repetition").equals(row.get("repetition"));
      List<Map<String, String>> steps =
          facts.text().rows("events").stream()
              .filter(same)
              .filter(e ->
                  e.get("event").equals(row.get("event"))
                      && e.get("asked_ms").equals(row.get("asked_ms")))
              .toList();
      double from = steps.stream().mapToDouble(e -> number(e, "begun_ms")).min().orElseThrow();
      Set<String> left =
          steps.stream()
              .filter(e -> LEAVING.contains(e.get("step")))
              .flatMap(e -> List.of(e.get("pods").split(";", -1)).stream())
              .collect(Collectors.toSet());
      List<Map<String, String>> on =
          facts.text().rows("connections").stream()
              .filter(same)
              .filter(c -> left.contains(c.get("pod")))
              .toList();
      is(row, "last_reply_after_ms", from, on.stream().map(c -> number(c, "last_reply_ms")));
      is(row, "last_request_after_ms", from, on.stream().map(c -> number(c, "last_request_ms")));
      is(row, "last_connection_after_ms", from, on.stream().map(OfEvents::begun));
    }
  }

  /** No pod comes back in runs that are drawn. */
  private static void is(
      Map<String, String> row, String column, double from, Stream<Double> moments) {
    double last = moments.filter(ms -> ms > from).max(Double::compare).orElse(Double.NaN);
    if (Double.isNaN(last)) {
      assertThat(row).containsEntry(column, "NA");
    } else {
      assertThat(number(row, column)).as(column).isCloseTo(last - from, within(0.1));
    }
  }

  private static List<Map<String, String>> in(Cell c, Map<String, String> s, String table) {
    return c.rows(table).stream()
        .filter(r -> r.get("repetition").equals(s.get("repetition")))
        .toList();
  }

  private static void is(
      Map<String, String> effect,
      List<Map<String, String>> steps,
      double until,
      List<Map<String, String>> ledger,
      long failed) {
    double from = number(steps.getFirst(), "begun_ms");
    double to = steps.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
    List<Map<String, String>> open =
        ledger.stream().filter(l -> number(l, "born_ms") < from && died(l) > from).toList();
    List<Map<String, String>> broken =
        open.stream().filter(l -> BROKEN.contains(l.get("death")) && died(l) <= until).toList();
    long reset = broken.stream().filter(l -> l.get("death").equals("reset")).count();
    long kept =
        open.stream().filter(l -> !broken.contains(l) && number(l, "last_request_ms") > to).count();
    long left =
        open.stream()
            .filter(l -> !broken.contains(l) && !(number(l, "last_request_ms") > to))
            .filter(l ->
                l.get("death").equals("retired")
                    || BROKEN.contains(l.get("death"))
                    || died(l) <= to)
            .count();
    assertThat(effect)
        .containsEntry("cause", steps.getFirst().get("event"))
        .containsEntry("open_count", Long.toString(open.size()))
        .containsEntry("open_kept_count", Long.toString(kept))
        .containsEntry("open_reset_count", Long.toString(reset))
        .containsEntry("open_closed_count", Long.toString(broken.size() - reset))
        .containsEntry(
            "open_unanswered_count", Long.toString(open.size() - broken.size() - kept - left))
        .containsEntry("failures_count", Long.toString(failed));
  }

  private static double died(Map<String, String> connection) {
    return connection.get("lived_ms").equals("NA")
        ? Double.POSITIVE_INFINITY
        : number(connection, "born_ms") + number(connection, "lived_ms");
  }
}
