package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.analysis.around.PodsCpu;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Seen;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.Window;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** When load was even again, and what an autoscaler sees: a row a cell and event. */
final class BalanceTable {
  /** How the bounds of balance come about. */
  static final String BOUNDS =
      "bounds: 1.25 and 80 %, or what chance itself keeps in 95 % of draws of as many connections, or"
          + " what the busiest got before";

  /** What a time until balance cannot say. */
  static final String WHOLE_SECONDS =
      "whole seconds are looked at, and what is shorter than one is not told apart";

  private static final String SHORTEST = "< " + Numbers.millis(RecoveryRow.LOOKED_AT_MS);

  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("balance after")
              .explained(
                  "until the busiest endpoint got so many times the mean of a second at most, and pods"
                      + " that joined such a part of an equal share at least, for 5 s, or for as long as"
                      + " it says; "
                      + WHOLE_SECONDS
                      + "; "
                      + BOUNDS),
          Column.figures("new pods' first connection"),
          Column.figures("their share of connections")
              .explained("until they had 80 % of an equal share of those opened since they joined"),
          Column.figures("their share of requests")
              .explained("until they answered 80 % of an equal share in a second"),
          Column.figures("mean of pods, requests/s")
              .explained("of the endpoints, in the second after: what an autoscaler sees"),
          Column.figures("hottest, requests/s")
              .explained("the endpoint that answered most of them"),
          Column.figures("hottest, CPU over mean")
              .explained(
                  "of pods that were there all the measure phase; empty where one process serves all"
                      + " pods, and what each takes is not known"),
          Column.figures("HPA by mean")
              .explained(
                  "pods that its formula gives in the second after, by the mean of all; the target is"
                      + " the mean of the second before"),
          Column.figures("HPA by hottest")
              .explained("pods that it would give if all were as hot as the hottest"));

  private BalanceTable() {}

  /** A table of some cells; empty if none of them was watched over time. */
  static Optional<Block> of(Around around, List<CellResults> cells) {
    return EventTable.of(
        "balance",
        "When load was even again after events, and what an autoscaler's mean hides: all repetitions"
            + " of a cell together, lowest to highest",
        COLUMNS,
        around,
        cells,
        BalanceTable::fields);
  }

  private static List<Field> fields(Seen seen) {
    List<NewPodRow> pods = seen.newPods();
    List<AroundRow> after = seen.windows(Window.AFTER);
    List<AroundRow> chosen =
        after.stream().filter(w -> w.pods().replicasByMeanCount().isPresent()).toList();
    return List.of(
        held(
            after(
                seen, seen.recoveries(), RecoveryRow::balancedAfterMs, BalanceTable::wholeSeconds),
            seen.recoveries()),
        after(seen, pods, NewPodRow::firstConnectionAfterMs),
        after(seen, pods, NewPodRow::shareOfConnectionsAfterMs),
        after(seen, pods, NewPodRow::shareOfRequestsAfterMs),
        span(after, w -> w.pods().meanPerS()),
        span(after, w -> w.pods().hottestPerS()),
        span(seen.cpu(), PodsCpu::hottestOverMean),
        span(chosen, w -> w.pods().replicasByMeanCount().orElseThrow()),
        span(chosen, w -> w.pods().replicasByHottestCount().orElseThrow()));
  }

  /** The same with its bounds, and how long balance was seen to hold, where less than it is to. */
  static Field held(Field after, List<RecoveryRow> all) {
    String atMost =
        Span.of(all, RecoveryRow::maxOverMeanBalanced)
            .map(s ->
                " (bounds: "
                    + s.text()
                    + " times"
                    + Span.of(all, RecoveryRow::newAtLeastPct)
                        .map(n -> ", " + n.text() + " %" + (n.low() > 0 ? "" : ": too few to tell"))
                        .orElse("")
                    + ")")
            .orElse("");
    String holds =
        Span.of(all, RecoveryRow::balancedForMs)
            .filter(s -> s.low() < RecoveryRow.HOLDS_MS)
            .map(s -> "; seen to hold for " + s.millis())
            .orElse("");
    return Field.of(after.text() + holds + atMost, after.sort());
  }

  private static <R> Field span(List<R> rows, ToDoubleFunction<R> figure) {
    return Span.of(rows, figure).map(s -> Field.of(s.text(), s.high())).orElse(Field.of(""));
  }

  /** Until balance began, which is looked at by whole seconds. */
  static Field wholeSeconds(Span ms) {
    if (ms.low() >= RecoveryRow.LOOKED_AT_MS) {
      return ofMillis(ms);
    }
    return ms.high() < RecoveryRow.LOOKED_AT_MS
        ? Field.of(SHORTEST, 0)
        : Field.of(SHORTEST + " to " + Numbers.millis(ms.high()), ms.high());
  }

  static Field ofMillis(Span ms) {
    return Field.of(ms.millis(), ms.high());
  }

  private static <R> Field after(Seen seen, List<R> rows, ToDoubleFunction<R> ms) {
    return after(seen, rows, ms, BalanceTable::ofMillis);
  }

  /** A time, and how many of how many never came to it while they were watched. */
  private static <R> Field after(
      Seen seen, List<R> rows, ToDoubleFunction<R> ms, Function<Span, Field> shown) {
    if (rows.isEmpty()) {
      return Field.of("");
    }
    long never = rows.stream().filter(r -> Double.isNaN(ms.applyAsDouble(r))).count();
    String nobody =
        count(never)
            + " of "
            + count(rows.size())
            + " never in "
            + Span.of(seen.recoveries(), RecoveryRow::watchedMs).map(Span::millis).orElse("0 s");
    return Span.of(rows, ms)
        .map(shown)
        .map(f -> Field.of(f.text() + (never == 0 ? "" : "; " + nobody), f.sort()))
        .orElse(Field.of(nobody, Double.MAX_VALUE));
  }
}
