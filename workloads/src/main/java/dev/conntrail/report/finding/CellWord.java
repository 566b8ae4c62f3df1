package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Named;

/** What is said of where a cell's connections landed, in one word; the worst comes first. */
public enum CellWord implements Named {
  /** The counts are not those of a fair draw. */
  NOT_CHANCE(Verdict.NOT_CHANCE.word()),
  /** Pods are not drawn, and the law of the choice was not kept. */
  LAW_BROKEN(Departure.LAW_BROKEN.word()),
  /** The counts are those of a fair draw, and a fault of a stated size would have been found. */
  CONSISTENT(Verdict.CONSISTENT.word()),
  /** Pods are not drawn, and the law of the choice was kept. */
  BY_DESIGN(Verdict.BY_DESIGN.word()),
  /** There were too few connections for either. */
  TOO_FEW(Verdict.TOO_FEW.word()),
  /** It has results, and none that can be judged: events happened meanwhile, or it has one pod. */
  NOT_JUDGED("not-judged"),
  /** It has no results. */
  NOT_MEASURED("not-measured");

  private final String word;

  CellWord(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** As a person would say it: {@code too few to tell}. */
  public String text() {
    return word.replace('-', ' ');
  }

  /** That of a cell. */
  static CellWord of(Analysis run, CellResults cell) {
    return cell.repetitions().isEmpty()
        ? NOT_MEASURED
        : run.verdict(cell, Unit.CONNECTIONS).map(CellWord::of).orElse(NOT_JUDGED);
  }

  private static CellWord of(VerdictRow row) {
    return switch (row.verdict()) {
      case NOT_CHANCE -> NOT_CHANCE;
      case CONSISTENT -> CONSISTENT;
      case BY_DESIGN -> row.alarm() ? LAW_BROKEN : BY_DESIGN;
      case TOO_FEW -> TOO_FEW;
      case DESCRIPTIVE -> NOT_JUDGED;
    };
  }
}
