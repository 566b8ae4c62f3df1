package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Seen;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What events cost requests and connections: a row a cell and event, all repetitions. */
final class RecoveryTable {
  private static final int PERCENT = 100;
  private static final int HALF = 50;

  private static final List<Column> RESPONSES =
      List.of(
          response("before", "the second before it"),
          response("during", "its duration"),
          response("after", "the second after it"));

  private static final Column FAILED =
      Column.figures("failed requests").explained("from its start on; connects are not among them");

  private static final Column RETRIED =
      Column.figures("retried")
          .explained(
              "how often libraries sent a request again from its start on; one that was answered then"
                  + " is not among the failed");

  private static final List<Column> CONNECTIONS =
      List.of(
          Column.words("broke").explained("connections that were open at its start, and how"),
          Column.figures("unaware for")
              .explained(
                  "from its start, or the last reply, until the client saw that a connection was"
                      + " broken: the longest"),
          Column.figures("on pods that left")
              .explained(
                  "connections that were on them when no rule had them any more, and still when the"
                      + " measure phase ended; and those opened to them since"),
          Column.figures("last of pods that left")
              .explained(
                  "from its start until the last reply on a connection at one, which goes on as long"
                      + " as connections stay there, and until the last new connection was given to"
                      + " one"));

  private RecoveryTable() {}

  private static Column response(String name, String when) {
    return Column.figures(name)
        .explained("median and longest response time of requests that were due in " + when);
  }

  /** A table of some cells; empty if none of them was watched over time. */
  static Optional<Block> of(Around around, List<CellResults> cells) {
    boolean retries = cells.stream().anyMatch(RecoveryTable::retries);
    List<Column> columns = new ArrayList<>(RESPONSES);
    columns.add(FAILED);
    if (retries) {
      columns.add(RETRIED);
    }
    columns.addAll(CONNECTIONS);
    return EventTable.of(
        "recovery",
        "What events cost: all repetitions of a cell together, lowest to highest",
        columns,
        around,
        cells,
        seen -> fields(seen, retries));
  }

  private static boolean retries(CellResults cell) {
    return cell.cell().get(Axes.RETRIES) == Retries.LIBRARY;
  }

  private static List<Field> fields(Seen seen, boolean retries) {
    List<RecoveryRow> all = seen.recoveries();
    List<Field> fields = new ArrayList<>();
    for (Window window : List.of(Window.BEFORE, Window.DURING, Window.AFTER)) {
      fields.add(response(seen.windows(window)));
    }
    fields.add(sum(all, RecoveryRow::failedCount));
    if (retries) {
      fields.add(sum(all, RecoveryRow::retriedCount));
    }
    fields.add(Field.of(broke(seen.protocol(), all)));
    fields.add(
        Span.of(all, r -> r.broken().unawareMaxMs())
            .map(s -> Field.of(Numbers.millis(s.high()), s.high()))
            .orElse(Field.of("")));
    fields.add(onLeft(all));
    fields.add(lastOfLeft(all));
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

  private static String broke(Protocol protocol, List<RecoveryRow> all) {
    List<String> parts = new ArrayList<>();
    part(parts, all, "reset", RecoveryRow.Broken::resetCount);
    part(parts, all, "timed out", RecoveryRow.Broken::timedOutCount);
    part(parts, all, protocol.goodbye(), RecoveryRow.Broken::goodbyeCount);
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

  private static Field lastOfLeft(List<RecoveryRow> all) {
    Optional<Span> reply = Span.of(all, r -> r.last().replyAfterMs());
    Optional<Span> connection = Span.of(all, r -> r.last().connectionAfterMs());
    if (reply.or(() -> connection).isEmpty()) {
      return Field.of("");
    }
    return Field.of(
        reply.map(Span::millis).orElse("none")
            + "; "
            + connection.map(s -> s.millis() + " new").orElse("none new"),
        reply.map(Span::high).orElse(0.0));
  }
}
