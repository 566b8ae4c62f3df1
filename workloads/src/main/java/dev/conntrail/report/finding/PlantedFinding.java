package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Verdict;
import java.util.List;

/** Rules that were edited before they were loaded: whether the test finds what was planted. */
final class PlantedFinding implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    String edit = run.results().manifest().rulesEdit();
    List<Judged> drawn = Judged.drawn(run);
    if (edit.isEmpty() || drawn.isEmpty()) {
      return List.of();
    }
    long found = drawn.stream().filter(j -> j.is(Verdict.NOT_CHANCE)).count();
    long few = drawn.stream().filter(j -> j.is(Verdict.TOO_FEW)).count();
    return List.of(
        Rank.PLANTED.finding(
            "planted-rules",
            found > 0 ? Tone.PLAIN : Tone.UNKNOWN,
            Sentence.of(
                    """
                    The rules of this run were edited before they were loaded ({edit}): {found} of
                    {drawn} whose pods are drawn {were} found not to be chance{few}.
                    """)
                .withName("edit", edit)
                .with("found", found)
                .with("drawn", drawn.size(), "cell")
                .with("were", found == 1 ? "was" : "were")
                .with("few", Sentence.ifAny(few, ", and {n} had too few connections to tell")),
            Evidence.of(
                "manifest.json, verdicts.csv",
                "rulesEdit; verdict",
                "cells with the verdict not-chance",
                Numbers.counted(drawn.size(), "cell"))));
  }
}
