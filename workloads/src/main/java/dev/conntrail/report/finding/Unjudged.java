package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Hindrance;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Cells of which nothing is said, and why. */
public final class Unjudged {
  private Unjudged() {}

  /** Why a cell without a verdict has none, in two words. */
  public static String brief(CellResults cell) {
    return why(cell, Optional.empty(), false).orElseThrow().brief();
  }

  /** The finding; none if all cells are judged. */
  static Optional<Finding> of(Analysis run) {
    Map<Hindrance, Integer> reasons = new EnumMap<>(Hindrance.class);
    Set<CellId> having =
        run.results().connections().stream().map(c -> c.at().cellId()).collect(Collectors.toSet());
    for (CellResults c : run.results().measured()) {
      why(c, run.verdict(c, Unit.CONNECTIONS), having.contains(c.id()))
          .ifPresent(w -> reasons.merge(w, 1, Integer::sum));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(finding(run, reasons));
  }

  private static Optional<Hindrance> why(
      CellResults cell, Optional<VerdictRow> row, boolean ledger) {
    if (row.isEmpty()) {
      return Optional.of(
          cell.cell().course().events().isEmpty() ? Hindrance.PODS_LOST : Hindrance.EVENTS);
    }
    if (row.get().verdict() != Verdict.DESCRIPTIVE) {
      return Optional.empty();
    }
    return Hindrance.of(cell.cell())
        .filter(why -> ledger || why != Hindrance.ONE_EACH)
        .or(() -> Optional.of(Hindrance.NO_LEDGER));
  }

  private static Finding finding(Analysis run, Map<Hindrance, Integer> reasons) {
    int measured = run.results().measured().size();
    List<Sentence> parts = new ArrayList<>();
    reasons.forEach((why, cells) ->
        parts.add(Sentence.of("{n} because {why}").with("n", cells).withName("why", why.words())));
    return Rank.NOT_JUDGED.finding(
        "not-judged",
        Tone.PLAIN,
        Sentence.of("Where connections landed is not judged in {n} of {of}: {why}.")
            .with("n", reasons.values().stream().mapToInt(Integer::intValue).sum())
            .with("of", measured, "cell")
            .withList("why", parts),
        Evidence.of(
            "verdicts.csv",
            "verdict",
            "cells without a row for connections, or with the verdict descriptive",
            Numbers.counted(measured, "cell")));
  }
}
