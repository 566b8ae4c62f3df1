package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.OnePod;
import dev.conntrail.analysis.chance.Power;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Where pods are drawn: which cells are not chance, which are consistent with it, which cannot
 * tell.
 */
final class ChanceFindings implements FindingSource {
  private static final int LISTED = 6;
  private static final String FILE = "verdicts.csv";

  @Override
  public List<Finding> of(Analysis run) {
    List<Judged> drawn = Judged.drawn(run);
    return Stream.of(Verdict.NOT_CHANCE, Verdict.CONSISTENT, Verdict.TOO_FEW)
        .map(word -> new Part(run, drawn, drawn.stream().filter(j -> j.is(word)).toList()))
        .filter(part -> !part.cells().isEmpty())
        .map(part ->
            switch (part.cells().getFirst().verdict().verdict()) {
              case NOT_CHANCE -> part.notChance();
              case CONSISTENT -> part.consistent();
              default -> part.tooFew();
            })
        .toList();
  }

  /** Cells with the same verdict, of all that are drawn. */
  private record Part(Analysis run, List<Judged> drawn, List<Judged> cells) {
    private Sentence sentence(String template) {
      return Sentence.of(template).with("n", cells.size()).with("drawn", drawn.size(), "cell");
    }

    private Evidence evidence(String columns, String how) {
      return Evidence.of(
          FILE,
          columns,
          how,
          Numbers.counted(
              cells.stream().mapToLong(j -> j.verdict().observedCount()).sum(), "connection"));
    }

    private String correction() {
      return Sentence.of(
              """
              Pearson's test of equal shares, exact or by a million draws where connections are few,
              of all repetitions together and of each by itself, two-sided; Holm's correction over
              {tests}, so that a false alarm anywhere in the run has probability 0.1 %
              """)
          .with("tests", run.tests(), "test")
          .text();
    }

    Finding notChance() {
      return Rank.NOT_CHANCE.finding(
          "not-chance",
          Tone.BAD,
          sentence(
                  """
                  Not chance: in {n} of {drawn} whose pods are drawn, connections landed otherwise than a fair draw
                  lets them: {cells}.
                  """)
              .withSome(
                  "cells",
                  cells.stream().map(j -> VerdictText.departed(j.cell(), j.verdict())).toList(),
                  LISTED),
          evidence("verdict, departure, pooled_p_adjusted, stratified_p_adjusted", correction())
              .at(CellLink.to(cells.getFirst().cell())));
    }

    Finding consistent() {
      Span found = Span.of(cells, j -> VerdictText.foundTimesFair(j.verdict())).orElseThrow();
      return Rank.CHANCE.finding(
          "chance",
          Tone.GOOD,
          sentence(
                  """
                  Where connections landed is consistent with chance in {n} of {drawn} whose pods are
                  drawn; one pod at {times} times its fair share would have been found.
                  """)
              .with("times", found),
          evidence("verdict, found_share_pct, pods_count", correction())
              .withPower("Found: with 90 % power, the share of one pod in each cell"));
    }

    Finding tooFew() {
      return Rank.TOO_FEW.finding(
          "too-few",
          Tone.UNKNOWN,
          sentence(
                  """
                  Too few connections to tell whether it is chance in {n} of {drawn} whose pods are
                  drawn ({counts} connections, all repetitions together; {cells}): one pod at twice its share would
                  be found in {power} % of such runs.{needed}
                  """)
              .with("counts", Span.of(cells, j -> j.verdict().observedCount()).orElseThrow())
              .withSome(
                  "cells",
                  cells.stream().map(j -> Sentence.of("{cell}").with("cell", j.cell())).toList(),
                  2)
              .with(
                  "power",
                  Span.of(cells, j -> j.verdict().power().twiceSharePowerPct()).orElseThrow())
              .with("needed", " ", needed()),
          evidence("verdict, observed_count, twice_share_power_pct", correction())
              .withPower("To tell is to find one pod at twice its share with 80 % power"));
    }

    private Optional<Sentence> needed() {
      double level = Verdicts.FAMILY_ERROR / Math.max(1, run.tests());
      List<Sentence> parts = new ArrayList<>();
      for (int pods :
          cells.stream()
              .filter(Judged::drawnFromAll)
              .map(j -> j.verdict().podsCount())
              .distinct()
              .sorted()
              .toList()) {
        OptionalLong needed =
            Power.connectionsNeeded(pods, new OnePod(2.0 / pods), level, Judgement.ENOUGH_POWER);
        needed.ifPresent(
            n -> parts.add(Sentence.of("{n} for {pods}").with("n", n).with("pods", pods, "pod")));
      }
      return parts.isEmpty()
          ? Optional.empty()
          : Optional.of(Sentence.of("To tell takes {each}.").withList("each", parts));
    }
  }
}
