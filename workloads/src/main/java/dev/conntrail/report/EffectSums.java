package dev.conntrail.report;

import dev.conntrail.analysis.Effects;
import dev.conntrail.result.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Effects of one cause in one cell, all repetitions together.
 *
 * @param cause the change, or idleness
 * @param rows a row a repetition
 */
record EffectSums(String cause, List<Rows.Effect> rows) {
  /** Those of a cell, in order of time. */
  static List<EffectSums> of(RunData run, Rows.Cells cell) {
    Map<String, List<Rows.Effect>> byCause = new LinkedHashMap<>();
    run.effects().stream()
        .filter(e -> e.cell().equals(cell.cell()))
        .forEach(e -> byCause.computeIfAbsent(e.cause(), _ -> new java.util.ArrayList<>()).add(e));
    return byCause.entrySet().stream()
        .map(e -> new EffectSums(e.getKey(), List.copyOf(e.getValue())))
        .toList();
  }

  boolean idle() {
    return cause.equals(Effects.IDLE);
  }

  boolean adds() {
    return cause.startsWith("add");
  }

  boolean removes() {
    return cause.startsWith("remove") || cause.startsWith("delete");
  }

  private long sum(ToLongFunction<Rows.Effect> count) {
    return rows.stream().mapToLong(count).sum();
  }

  long open() {
    return sum(Rows.Effect::openCount);
  }

  long kept() {
    return sum(Rows.Effect::keptCount);
  }

  long reset() {
    return sum(Rows.Effect::resetCount);
  }

  long closed() {
    return sum(Rows.Effect::closedCount);
  }

  long unanswered() {
    return sum(Rows.Effect::unansweredCount);
  }

  long leaving() {
    return sum(Rows.Effect::leavingCount);
  }

  long leavingKept() {
    return sum(Rows.Effect::leavingKeptCount);
  }

  long news() {
    return sum(Rows.Effect::newCount);
  }

  long toAdded() {
    return sum(Rows.Effect::newToAddedCount);
  }

  long toRemoved() {
    return sum(Rows.Effect::newToRemovedCount);
  }

  long failed() {
    return sum(Rows.Effect::failedCount);
  }

  long portsAgain() {
    return sum(Rows.Effect::portsAgainCount);
  }

  long portsMoved() {
    return sum(Rows.Effect::portsMovedCount);
  }

  /** Median over repetitions of the median time to notice; not a number if none broke. */
  double noticeP50Ms() {
    double[] sorted =
        rows.stream()
            .mapToDouble(Rows.Effect::noticeP50Ms)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /** The longest time to notice; not a number if none broke. */
  double noticeMaxMs() {
    return rows.stream()
        .mapToDouble(Rows.Effect::noticeMaxMs)
        .filter(Double::isFinite)
        .max()
        .orElse(Double.NaN);
  }

  /** A share in per cent; not a number of nothing. */
  static double pct(long part, long all) {
    return all == 0 ? Double.NaN : 100.0 * part / all;
  }
}
