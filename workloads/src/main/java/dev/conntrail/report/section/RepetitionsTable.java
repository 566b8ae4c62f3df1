package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;
import static dev.conntrail.report.block.Numbers.time;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every repetition of a cell, with what makes it doubtful. */
final class RepetitionsTable {
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("repetition"),
          Column.figures("connections"),
          Column.figures("pods reached"),
          Column.figures("due").explained("requests due in the measure phase"),
          Column.figures("answered").explained("of these"),
          Column.figures("failed").explained("of these"),
          Column.figures("unanswered").explained("of these, when the drain ended"),
          Column.figures("lost in all")
              .explained("all phases: requests and connects that failed, requests unanswered"),
          Column.figures("requests/s"),
          Column.figures("response p50"),
          Column.figures("response p99"),
          Column.figures("connect p50"),
          Column.figures("client CPU").explained("of all load processes; 100 % is one CPU"),
          Column.figures("machine busy").explained("100 % is all CPUs"),
          Column.figures("steal"),
          Column.words("marked"));

  private RepetitionsTable() {}

  static Block of(CellResults cell) {
    return Block.Table.of(
        "repetitions-" + cell.id(),
        "Every repetition",
        COLUMNS,
        cell.repetitions().stream().map(RepetitionsTable::fields).toList());
  }

  private static List<Field> fields(RepetitionResults r) {
    SummaryRow s = r.summary();
    return List.of(
        Field.of(Integer.toString(r.number())),
        Field.of(count(s.connections().openedCount())),
        Field.of(count(s.podsReachedCount())),
        Field.of(count(s.requests().dueCount())),
        Field.of(count(s.requests().answeredCount())),
        counted(s.requests().dueFailedCount()),
        counted(s.requests().dueUnansweredCount()),
        Field.of(count(s.requests().failedCount() + s.requests().unansweredCount())),
        Field.of(known(s.rate().achievedPerS())),
        ns(s.response().p50Ns(), s.response().atLeast(50)),
        ns(s.response().p99Ns(), s.response().atLeast(99)),
        ns(s.connect().p50Ns(), false),
        pct(s.cpu().clientCpuPct()),
        pct(s.cpu().hostBusyPct()),
        pct(s.cpu().hostStealPct()),
        s.marks().isEmpty()
            ? Field.of("")
            : Field.of(s.marks().stream().map(Mark::word).collect(Collectors.joining(", ")))
                .withTone(Tone.BAD));
  }

  private static Field counted(Optional<Long> known) {
    return Field.of(known.map(Numbers::count).orElse(""));
  }

  private static Field ns(double ns, boolean atLeast) {
    return Field.of(Double.isFinite(ns) ? time(ns, atLeast) : "");
  }

  private static Field pct(double pct) {
    return Field.of(Double.isFinite(pct) ? number(pct) + " %" : "");
  }

  private static String known(double x) {
    return Double.isFinite(x) ? number(x) : "";
  }
}
