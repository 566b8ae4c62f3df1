package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow.Requests;
import java.util.List;
import java.util.function.ToLongFunction;

/** Requests that never came back, where nothing was brought about that would make them fail. */
final class LostFinding implements FindingSource {
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> calm =
        run.results().measured().stream().filter(c -> !c.cell().provoking()).toList();
    if (calm.isEmpty()) {
      return List.of();
    }
    List<CellResults> lossy = calm.stream().filter(c -> lost(c) > 0).toList();
    return List.of(lossy.isEmpty() ? nothing(calm) : some(calm, lossy));
  }

  private static long lost(CellResults c) {
    return sum(List.of(c), Requests::failedCount) + sum(List.of(c), Requests::unansweredCount);
  }

  private static long sum(List<CellResults> cells, ToLongFunction<Requests> count) {
    return cells.stream().mapToLong(c -> c.sum(s -> count.applyAsLong(s.requests()))).sum();
  }

  private static Finding some(List<CellResults> calm, List<CellResults> lossy) {
    return Rank.LOST.finding(
        "lost-requests",
        Tone.BAD,
        Sentence.of(
                """
                Requests were lost in {n} of {calm} that bring about no errors: {failed} failed,
                connects included, and {unanswered} had no answer when the drain ended ({cells}).
                {answered}
                """)
            .with("n", lossy.size())
            .with("calm", calm.size(), "cell")
            .with("failed", sum(lossy, Requests::failedCount))
            .with("unanswered", sum(lossy, Requests::unansweredCount))
            .withSome(
                "cells",
                lossy.stream()
                    .map(c -> Sentence.of("{cell}: {lost}").with("cell", c).with("lost", lost(c)))
                    .toList(),
                LISTED)
            .with("answered", answered(calm)),
        evidence(calm).at(CellLink.to(lossy.getFirst())));
  }

  private static Finding nothing(List<CellResults> calm) {
    long due = sum(calm, Requests::dueCount);
    Tone all = sum(calm, Requests::answeredCount) == due ? Tone.GOOD : Tone.BAD;
    return Rank.NOTHING_LOST.finding(
        "lost-requests",
        due == 0 ? Tone.UNKNOWN : all,
        Sentence.of(
                """
                No request is known to have failed, or to have stayed without an answer, in {calm}
                that {bring} about no errors. {answered}
                """)
            .with("calm", calm.size(), "cell")
            .with("bring", calm.size() == 1 ? "brings" : "bring")
            .with("answered", answered(calm)),
        evidence(calm));
  }

  private static Sentence answered(List<CellResults> calm) {
    long due = sum(calm, Requests::dueCount);
    return due == 0
        ? Sentence.of("None was due in the measure phase.")
        : Sentence.of("In the measure phase {answered} of {due} that were due had an answer.")
            .with("answered", sum(calm, Requests::answeredCount))
            .with("due", due, "request");
  }

  private static Evidence evidence(List<CellResults> calm) {
    return Evidence.of(
        "summary.csv",
        "requests_failed_count, requests_unanswered_count, requests_answered_count, requests_due_count",
        "sums over repetitions; failed and unanswered: all phases",
        Numbers.counted(sum(calm, Requests::dueCount), "request"));
  }
}
