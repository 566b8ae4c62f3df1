package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import java.util.List;
import java.util.Optional;

/**
 * Cells with the fewest long-lived connections of a run, and the pods that they leave without one.
 *
 * @param cells those that have a verdict, at least one
 */
record FewLongLived(List<Judged> cells) {
  /** Those of a run, if it has any. */
  static Optional<FewLongLived> of(Analysis run) {
    List<Judged> cells =
        Controls.allFewLongLived(run).stream()
            .flatMap(c -> run.verdict(c, Unit.CONNECTIONS).map(v -> new Judged(c, v)).stream())
            .filter(Judged::drawn)
            .toList();
    return cells.isEmpty() ? Optional.empty() : Optional.of(new FewLongLived(cells));
  }

  /** The one to look at. */
  CellResults first() {
    return cells.getFirst().cell();
  }

  /** Pods without a connection, means over repetitions. */
  Span idle() {
    return Span.of(cells, j -> j.verdict().idle().meanCount()).orElseThrow();
  }

  /** What a fair draw of as many connections leaves. */
  Span expected() {
    return Span.of(cells, j -> j.verdict().idle().expectedCount()).orElseThrow();
  }

  /** Whether every mean lies where 95 % of such means do. */
  boolean asChance() {
    return within() == cells.size();
  }

  /** In how many of the cells it does. */
  int within() {
    return (int) cells.stream().filter(j -> within(j.verdict().idle())).count();
  }

  /** From the least to the most that 95 % of such means are, over all cells. */
  Span usual() {
    return new Span(
        cells.stream().mapToDouble(j -> j.verdict().idle().lowCount()).min().orElseThrow(),
        cells.stream().mapToDouble(j -> j.verdict().idle().highCount()).max().orElseThrow());
  }

  /** Whether that is the same in every cell. */
  boolean alike() {
    VerdictRow.Idle first = cells.getFirst().verdict().idle();
    return cells.stream()
        .map(j -> j.verdict().idle())
        .allMatch(i -> i.lowCount() == first.lowCount() && i.highCount() == first.highCount());
  }

  private static boolean within(VerdictRow.Idle idle) {
    return idle.meanCount() >= idle.lowCount() && idle.meanCount() <= idle.highCount();
  }

  /** {@code 10 long-lived connections}; of those asked for, if they are not as many. */
  Sentence connections() {
    int asked = first().cell().connections();
    Span opened =
        Span.of(cells, j -> (double) j.verdict().observedCount() / j.verdict().repetitionsCount())
            .orElseThrow();
    boolean all = opened.low() == asked && opened.high() == asked;
    Sentence sentence = Sentence.of(all ? "{asked}" : "{opened} of {asked}");
    return (all ? sentence : sentence.with("opened", opened))
        .with("asked", asked, "long-lived connection");
  }

  /** {@code 3 to 4 of 10 pods}. */
  Sentence pods() {
    return Sentence.of("{idle} of {pods}")
        .with("idle", idle())
        .with("pods", first().cell().pods(), "pod");
  }

  /** {@code chance leaves 3.49 (2.33 to 4.67 in 95 of 100 such runs)}. */
  Sentence chance() {
    Sentence usual =
        alike()
            ? Sentence.of("({range} in 95 of 100 such runs)").with("range", usual())
            : Sentence.of(
                    "(in {within} of {n} cells the mean is one that 95 of 100 such runs give)")
                .with("within", within())
                .with("n", cells.size());
    return Sentence.of("chance leaves {expected} {usual}")
        .with("expected", expected())
        .with("usual", usual);
  }
}
