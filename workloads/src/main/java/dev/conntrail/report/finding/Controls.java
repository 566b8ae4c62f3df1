package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.Pooling;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which cells of a run stand for what people ask first, and what they are compared with. */
public final class Controls {
  private Controls() {}

  /** Cells behind a Service. */
  public static List<CellResults> behindService(Analysis run) {
    return run.results().measured().stream().filter(c -> c.cell().behindService()).toList();
  }

  /**
   * The cell with the fewest long-lived connections whose pods are drawn, in which nothing else is
   * brought about.
   */
  public static Optional<CellResults> fewLongLived(Analysis run) {
    return behindService(run).stream()
        .filter(Controls::longLived)
        .min(Comparator.comparingInt(c -> c.cell().connections()));
  }

  /** That cell, and those that differ from it in the data plane or the protocol alone. */
  static List<CellResults> allFewLongLived(Analysis run) {
    return fewLongLived(run).stream()
        .flatMap(few ->
            behindService(run).stream().filter(Controls::longLived).filter(c -> alike(few, c)))
        .toList();
  }

  private static boolean longLived(CellResults c) {
    return c.cell().plain()
        && c.cell().protocol().longLived()
        && c.cell().choice() == PodChoice.DRAW
        && c.cell().pooling() == Pooling.DEDICATED;
  }

  private static boolean alike(CellResults a, CellResults b) {
    return a.testbed() == b.testbed()
        && a.cell().connections() == b.cell().connections()
        && a.cell().pods() == b.cell().pods()
        && a.cell().clients() == b.cell().clients();
  }

  /** The control of a cell: the same data plane and pods, a new connection for each request. */
  public static Optional<CellResults> of(Analysis run, CellResults cell) {
    Cell c = cell.cell();
    return behindService(run).stream()
        .filter(o ->
            o.cell().plain()
                && !o.cell().protocol().longLived()
                && o.testbed() == cell.testbed()
                && o.cell().variant().equals(c.variant())
                && o.cell().pods() == c.pods())
        .findFirst();
  }

  /** A cell as lists name it: {@code nftables, http1, 10 connections (#3)}. */
  static String name(CellResults cell) {
    return cell.title() + " (#" + cell.number() + ")";
  }
}
