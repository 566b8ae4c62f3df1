package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.spec.PodChoice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where pods are not drawn: which laws were kept, broken, or cannot be told from a draw. */
final class LawFindings implements FindingSource {
  private static final int LISTED = 6;
  private static final String HOW =
      "each client or node by itself, in each repetition: counts by pod against the law of the choice";

  @Override
  public List<Finding> of(Analysis run) {
    List<Judged> all = Judged.of(run, Unit.CONNECTIONS);
    List<Judged> held = all.stream().filter(j -> !j.drawn() && !j.is(Verdict.DESCRIPTIVE)).toList();
    List<Judged> broken = held.stream().filter(j -> j.verdict().alarm()).toList();
    List<Judged> untold = held.stream().filter(j -> j.is(Verdict.TOO_FEW)).toList();
    List<Judged> kept =
        held.stream().filter(j -> j.is(Verdict.BY_DESIGN) && !j.verdict().alarm()).toList();
    List<Finding> findings = new ArrayList<>();
    if (!broken.isEmpty()) {
      findings.add(broken(broken, held.size()));
    }
    if (!kept.isEmpty()) {
      findings.add(kept(kept, held.size()));
    }
    if (!untold.isEmpty()) {
      findings.add(untold(untold, held.size()));
    }
    Unjudged.of(run).ifPresent(findings::add);
    return findings;
  }

  private static Finding broken(List<Judged> cells, int of) {
    return Rank.LAW_BROKEN.finding(
        "law-broken",
        Tone.BAD,
        Sentence.of("A law was broken in {n} of {of} whose pods are not drawn: {cells}.")
            .with("n", cells.size())
            .with("of", of, "cell")
            .withSome(
                "cells",
                cells.stream()
                    .map(j ->
                        Sentence.of("{cell} does not keep that {law}")
                            .with("cell", j.cell())
                            .with("law", VerdictText.law(j.verdict().choice())))
                    .toList(),
                LISTED),
        evidence(cells, "departure, choice").at(CellLink.to(cells.getFirst().cell())));
  }

  private static Finding kept(List<Judged> cells, int of) {
    return Rank.LAW_KEPT.finding(
        "law-kept",
        Tone.PLAIN,
        Sentence.of(
                """
                By design, not by chance: the law of the choice was kept in {n} of {of} whose pods
                are not drawn ({laws}), which a fair draw does in {draw} % of such runs at most.
                """)
            .with("n", cells.size())
            .with("of", of, "cell")
            .withAll("laws", laws(cells), "; ")
            .with("draw", mostByDraw(cells)),
        evidence(cells, "verdict, choice, law_met_by_draw_pct"));
  }

  private static Finding untold(List<Judged> cells, int of) {
    return Rank.TOO_FEW.finding(
        "law-untold",
        Tone.UNKNOWN,
        Sentence.of(
                """
                Too few connections to tell a law from chance in {n} of {of} whose pods are not drawn
                ({laws}): it was kept, but a fair draw keeps it too in up to {draw} % of such runs.
                """)
            .with("n", cells.size())
            .with("of", of, "cell")
            .withAll("laws", laws(cells), "; ")
            .with("draw", mostByDraw(cells)),
        evidence(cells, "verdict, choice, law_met_by_draw_pct"));
  }

  /** How often a fair draw keeps the law, in the cell where it does so most often; per cent. */
  private static double mostByDraw(List<Judged> cells) {
    return cells.stream().mapToDouble(j -> j.verdict().lawMetByDrawPct()).max().orElseThrow();
  }

  private static Evidence evidence(List<Judged> cells, String columns) {
    return Evidence.of(
        "verdicts.csv",
        columns,
        HOW,
        Numbers.counted(
            cells.stream().mapToLong(j -> j.verdict().observedCount()).sum(), "connection"));
  }

  private static List<Sentence> laws(List<Judged> cells) {
    Map<PodChoice, Integer> laws = new EnumMap<>(PodChoice.class);
    cells.forEach(j -> laws.merge(j.verdict().choice(), 1, Integer::sum));
    return laws.entrySet().stream()
        .map(e ->
            Sentence.of("{law}: {cells}")
                .with("law", VerdictText.law(e.getKey()))
                .with("cells", e.getValue(), "cell"))
        .toList();
  }
}
