package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import java.util.List;
import java.util.Optional;

/** What times of closed loops do not show. */
public final class ClosedLoopFinding implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> closed = closed(run);
    return sentence(run)
        .map(sentence ->
            Rank.CLOSED_LOOP.finding(
                "closed-loop",
                Tone.PLAIN,
                sentence,
                Evidence.of(
                    "cells.csv",
                    "rate",
                    "cells with the rate closed",
                    Numbers.counted(closed.size(), "cell"))))
        .stream()
        .toList();
  }

  /** The sentence that belongs wherever such times stand; none if there are no closed loops. */
  public static Optional<String> note(Analysis run) {
    return sentence(run).map(Sentence::text);
  }

  private static Optional<Sentence> sentence(Analysis run) {
    List<CellResults> closed = closed(run);
    return closed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Sentence.of(
                    """
                    In {n} of {of} each caller waits for the reply before it sends again (closed
                    loop): while a pod stalls little is sent, so a stall counts as a few long
                    requests however long it lasts, and percentiles of these cells hardly show it.
                    """)
                .with("n", closed.size())
                .with("of", run.results().measured().size(), "cell"));
  }

  private static List<CellResults> closed(Analysis run) {
    return run.results().measured().stream().filter(c -> c.cell().load().closed()).toList();
  }
}
