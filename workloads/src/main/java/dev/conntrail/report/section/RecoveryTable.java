package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Occurrence;
import dev.conntrail.report.finding.Seen;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** How events were come through: a row a cell and event, all repetitions. */
final class RecoveryTable {
  private static final int PERCENT = 100;
  private static final int HALF = 50;

  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.words("event"),
          response("before", "the second before it"),
          response("during", "its duration"),
          response("after", "the second after it"),
          Column.figures("failed").explained("requests, from its start on"),
          Column.words("broke").explained("connections that were open at its start, and how"),
          Column.figures("unaware for")
              .explained(
                  "from its start, or the last reply, until the client saw that a connection was"
                      + " broken: the longest"),
          Column.figures("on pods that left")
              .explained(
                  "connections that were on them when no rule had them any more, and still when the"
                      + " measure phase ended; and those opened to them since"),
          Column.figures("balance after")
              .explained(
                  "until the busiest endpoint got at most 1.25 times the mean of a second, or what it"
                      + " got before, for 5 s or the rest of the measure phase"),
          Column.figures("new pods' first connection"),
          Column.figures("their share of requests")
              .explained("until they answered 80 % of an equal share in a second"),
          Column.figures("HPA by mean; by hottest")
              .explained(
                  "pods that its formula gives in the second after, by the mean of all and by the"
                      + " hottest; the target is the mean of the second before"));

  private RecoveryTable() {}

  private static Column response(String name, String when) {
    return Column.figures(name)
        .explained("median and longest response time of requests that were due in " + when);
  }

  /** A table of some cells; empty if none of them was watched over time. */
  static Optional<Block> of(Around around, List<CellResults> cells) {
    List<Block.Row> rows = new ArrayList<>();
    for (CellResults cell : cells) {
      for (Occurrence o : Occurrence.of(cell)) {
        Seen seen = Seen.of(around, o);
        if (!seen.recoveries().isEmpty()) {
          rows.add(new Block.Row(fields(o, seen), Optional.empty()));
        }
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Block.Table(
                "recovery",
                "How events were come through: all repetitions of a cell together, lowest to highest",
                COLUMNS,
                rows,
                rows.size() > 1));
  }

  private static List<Field> fields(Occurrence o, Seen seen) {
    CellResults cell = o.cell();
    List<RecoveryRow> all = seen.recoveries();
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.of(Integer.toString(cell.number()), cell.number()).withLink(CellLink.to(cell)));
    fields.add(Field.of(cell.title()));
    fields.add(Field.of(o.cause().toString()));
    for (Window window : Window.values()) {
      fields.add(response(seen.windows(window)));
    }
    fields.add(sum(all, RecoveryRow::failedCount));
    fields.add(Field.of(broke(all)));
    fields.add(
        Span.of(all, r -> r.broken().unawareMaxMs())
            .map(s -> Field.of(Numbers.millis(s.high()), s.high()))
            .orElse(Field.of("")));
    fields.add(onLeft(all));
    fields.add(after(all, RecoveryRow::balancedAfterMs));
    fields.add(after(seen.newPods(), NewPodRow::firstConnectionAfterMs));
    fields.add(after(seen.newPods(), NewPodRow::shareOfRequestsAfterMs));
    fields.add(replicas(seen.windows(Window.AFTER)));
    return fields;
  }

  private static Field response(List<AroundRow> windows) {
    List<AroundRow> known = windows.stream().filter(w -> w.response().count() > 0).toList();
    if (known.isEmpty()) {
      return Field.of("");
    }
    boolean bound = known.stream().anyMatch(w -> w.response().atLeast(HALF));
    Span medians = Span.of(known, w -> w.response().p50Ns()).orElseThrow();
    AroundRow longest =
        known.stream().max(Comparator.comparingDouble(w -> w.response().maxNs())).orElseThrow();
    boolean more = known.stream().anyMatch(w -> w.response().atLeast(PERCENT));
    return Field.of(
        (bound ? Numbers.time(medians.low(), true) : medians.time())
            + "; "
            + Numbers.time(longest.response().maxNs(), more),
        longest.response().maxNs());
  }

  private static Field sum(List<RecoveryRow> all, ToLongFunction<RecoveryRow> figure) {
    long sum = all.stream().mapToLong(figure).sum();
    return Field.of(count(sum), (double) sum);
  }

  private static String broke(List<RecoveryRow> all) {
    List<String> parts = new ArrayList<>();
    part(parts, all, "reset", RecoveryRow.Broken::resetCount);
    part(parts, all, "timed out", RecoveryRow.Broken::timedOutCount);
    part(parts, all, "told to leave", RecoveryRow.Broken::goodbyeCount);
    part(parts, all, "closed by the pod", RecoveryRow.Broken::finCount);
    part(parts, all, "otherwise", RecoveryRow.Broken::errorCount);
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  private static void part(
      List<String> parts,
      List<RecoveryRow> all,
      String how,
      ToLongFunction<RecoveryRow.Broken> figure) {
    long n = all.stream().map(RecoveryRow::broken).mapToLong(figure).sum();
    if (n > 0) {
      parts.add(count(n) + " " + how);
    }
  }

  private static Field onLeft(List<RecoveryRow> all) {
    if (all.stream().allMatch(r -> r.left().podsCount() == 0)) {
      return Field.of("");
    }
    long open = all.stream().mapToLong(r -> r.left().openCount()).sum();
    long opened = all.stream().mapToLong(r -> r.left().openedCount()).sum();
    return Field.of(count(open) + "; " + count(opened) + " new", (double) open);
  }

  /** A time, and how many of how many never came to it. */
  private static <R> Field after(List<R> rows, ToDoubleFunction<R> ms) {
    if (rows.isEmpty()) {
      return Field.of("");
    }
    long never = rows.stream().filter(r -> Double.isNaN(ms.applyAsDouble(r))).count();
    String nobody = count(never) + " of " + count(rows.size()) + " never";
    return Span.of(rows, ms)
        .map(s -> Field.of(s.millis() + (never == 0 ? "" : "; " + nobody), s.high()))
        .orElse(Field.of(nobody, Double.MAX_VALUE));
  }

  private static Field replicas(List<AroundRow> after) {
    List<AroundRow> known =
        after.stream().filter(w -> w.pods().replicasByMeanCount().isPresent()).toList();
    Optional<Span> mean = Span.of(known, w -> w.pods().replicasByMeanCount().orElseThrow());
    Optional<Span> hottest = Span.of(known, w -> w.pods().replicasByHottestCount().orElseThrow());
    return mean.isEmpty() || hottest.isEmpty()
        ? Field.of("")
        : Field.of(mean.get().text() + "; " + hottest.get().text(), hottest.get().high());
  }
}
