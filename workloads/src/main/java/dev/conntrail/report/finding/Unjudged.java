package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
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
  /** Why a cell is not judged by where its connections landed. */
  private enum Why {
    EVENTS("events", "events happened meanwhile"),
    PODS_LOST("pods lost", "no repetition of theirs has counts of all its pods"),
    ONE_POD("one pod", "there is one pod to go to"),
    ONE_EACH("one pod a zone", "there is one pod in each client's zone"),
    BALANCED("client balances", "their clients balance for themselves"),
    PROXIED("proxy balances", "a proxy balances for their clients"),
    OTHER_LAW("another law", "their settings make the law another"),
    NO_LEDGER("no ledger", "connections.csv has no connection of theirs");

    private final String brief;
    private final String words;

    Why(String brief, String words) {
      this.brief = brief;
      this.words = words;
    }
  }

  private Unjudged() {}

  /** Why a cell without a verdict has none, in two words. */
  public static String brief(CellResults cell) {
    return why(cell, Optional.empty(), false).orElseThrow().brief;
  }

  /** The finding; none if all cells are judged. */
  static Optional<Finding> of(Analysis run) {
    Map<Why, Integer> reasons = new EnumMap<>(Why.class);
    Set<CellId> having =
        run.results().connections().stream().map(c -> c.at().cellId()).collect(Collectors.toSet());
    for (CellResults c : run.results().measured()) {
      why(c, run.verdict(c, Unit.CONNECTIONS), having.contains(c.id()))
          .ifPresent(w -> reasons.merge(w, 1, Integer::sum));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(finding(run, reasons));
  }

  private static Optional<Why> why(CellResults cell, Optional<VerdictRow> row, boolean ledger) {
    if (row.isEmpty()) {
      return Optional.of(cell.cell().course().events().isEmpty() ? Why.PODS_LOST : Why.EVENTS);
    }
    if (row.get().verdict() != Verdict.DESCRIPTIVE) {
      return Optional.empty();
    }
    if (row.get().podsCount() == 1) {
      return Optional.of(Why.ONE_POD);
    }
    return Optional.of(
        switch (cell.cell().choice()) {
          case CLIENT_BALANCED -> Why.BALANCED;
          case PROXY -> Why.PROXIED;
          case ZONE_DRAW -> cell.cell().otherLaw() || !ledger ? without(cell) : Why.ONE_EACH;
          default -> without(cell);
        });
  }

  /** Why a law could not be looked at. */
  private static Why without(CellResults cell) {
    return cell.cell().otherLaw() ? Why.OTHER_LAW : Why.NO_LEDGER;
  }

  private static Finding finding(Analysis run, Map<Why, Integer> reasons) {
    int measured = run.results().measured().size();
    List<Sentence> parts = new ArrayList<>();
    reasons.forEach((why, cells) ->
        parts.add(Sentence.of("{n} because {why}").with("n", cells).withName("why", why.words)));
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
