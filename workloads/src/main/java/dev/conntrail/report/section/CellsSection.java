package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.Unjudged;
import dev.conntrail.report.finding.VerdictText;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Every cell in a row, with what each opens. */
final class CellsSection implements Section {
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.words("requests by pod").explained("of each pod, all repetitions together"),
          Column.words("testbed"),
          Column.figures("connections").explained("opened, all repetitions together"),
          Column.words("where they landed"),
          Column.figures("idle pods")
              .explained(
                  "pods without a connection, mean over repetitions; in brackets what chance leaves"),
          Column.figures("busiest / mean")
              .explained(
                  "requests of the busiest pod over the mean, all repetitions together that are judged"),
          Column.figures("requests/s").explained("answered requests a second"),
          Column.figures("no answer")
              .explained("requests that failed, or had no answer when the drain ended"),
          Column.figures("marked").explained("repetitions that something makes doubtful"));

  @Override
  public String id() {
    return "cells";
  }

  @Override
  public String title() {
    return "Every cell";
  }

  @Override
  public boolean open(Analysis run) {
    return true;
  }

  @Override
  public List<Block> blocks(Analysis run) {
    OverTime overTime = new OverTime(run);
    List<Block.Row> rows =
        run.results().measured().stream()
            .map(c ->
                new Block.Row(
                    fields(run, c), Optional.of(new CellDetail(run, overTime, c).detail())))
            .toList();
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Block.Table(
                "cells-table",
                "Each row opens, with pods, figures and every repetition",
                COLUMNS,
                rows,
                true));
  }

  private static List<Field> fields(Analysis run, CellResults cell) {
    Optional<VerdictRow> c = run.verdict(cell, Unit.CONNECTIONS);
    Optional<VerdictRow> r = run.verdict(cell, Unit.REQUESTS);
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of(Integer.toString(cell.number()), cell.number()));
    fields.add(Field.of(cell.title()));
    fields.add(Field.of("").withBars(bars(cell)));
    fields.add(Field.of(cell.testbed().word()));
    long opened = cell.sum(s -> s.connections().openedCount());
    fields.add(Field.of(count(opened), (double) opened));
    fields.add(
        c.map(v -> Field.of(VerdictText.brief(v)).withTone(VerdictText.tone(v)))
            .orElseGet(() -> Field.of(Unjudged.brief(cell))));
    fields.add(
        c.map(v ->
                Field.of(
                    number(v.idle().meanCount())
                        + " ("
                        + hundredths(v.idle().expectedCount())
                        + ")",
                    v.idle().meanCount()))
            .orElse(Field.of("")));
    fields.add(
        r.filter(v -> Double.isFinite(v.maxOverMean()))
            .map(v -> Field.of(number(v.maxOverMean()), v.maxOverMean()))
            .orElse(Field.of("")));
    double rate =
        mean(cell.repetitions().stream().mapToDouble(x -> x.summary().rate().achievedPerS()));
    fields.add(Field.of(number(rate), rate));
    long lost =
        cell.sum(s -> s.requests().failedCount()) + cell.sum(s -> s.requests().unansweredCount());
    fields.add(Field.of(count(lost), (double) lost));
    long marked = cell.sum(s -> marked(s) ? 1 : 0);
    fields.add(Field.of(marked + " of " + cell.repetitions().size(), (double) marked));
    return fields;
  }

  /** To two digits after the point: less than that of a pod is none. */
  private static String hundredths(double x) {
    if (!Double.isFinite(x)) {
      return number(x);
    }
    return BigDecimal.valueOf(x)
        .setScale(2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static boolean marked(SummaryRow s) {
    return !s.marks().isEmpty();
  }

  private static double mean(DoubleStream values) {
    return values.filter(Double::isFinite).average().orElse(Double.NaN);
  }

  /** Requests of each pod, as shares of the busiest's. */
  private static List<Double> bars(CellResults cell) {
    int pods = cell.repetitions().stream().mapToInt(r -> r.pods().size()).max().orElse(0);
    long[] sums = new long[pods];
    cell.repetitions()
        .forEach(r -> {
          long[] counts = r.counts(Unit.REQUESTS);
          for (int i = 0; i < counts.length; i++) {
            sums[i] += counts[i];
          }
        });
    long most = Math.max(1, Arrays.stream(sums).max().orElse(1));
    return Arrays.stream(sums).mapToObj(s -> (double) s / most).toList();
  }
}
