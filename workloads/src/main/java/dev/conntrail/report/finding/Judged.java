package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.PodChoice;
import java.util.List;

/** A cell with what can be said of where its connections, or its requests, landed. */
record Judged(CellResults cell, VerdictRow verdict) {
  /** All cells of a run that have a verdict, in the order of the run. */
  static List<Judged> of(Analysis run, Unit unit) {
    return run.results().measured().stream()
        .flatMap(c -> run.verdict(c, unit).map(v -> new Judged(c, v)).stream())
        .toList();
  }

  /** Those whose pods are drawn, with more than one pod to draw from. */
  static List<Judged> drawn(Analysis run) {
    return of(run, Unit.CONNECTIONS).stream().filter(Judged::drawn).toList();
  }

  boolean drawn() {
    return verdict.podsCount() > 1
        && switch (verdict.choice()) {
          case DRAW -> true;
          case ZONE_DRAW -> !is(Verdict.DESCRIPTIVE);
          default -> false;
        };
  }

  /** Whether each connection may come to any pod alike. */
  boolean drawnFromAll() {
    return drawn() && verdict.choice() == PodChoice.DRAW;
  }

  boolean behindService() {
    return cell.cell().behindService();
  }

  boolean is(Verdict word) {
    return verdict.verdict() == word;
  }

  /** Its cell as lists name it. */
  String name() {
    return Controls.name(cell);
  }
}
