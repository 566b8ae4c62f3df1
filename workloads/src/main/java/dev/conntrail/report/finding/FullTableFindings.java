package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Setting;
import java.util.List;

/** What a small connection table does to requests. */
final class FullTableFindings implements FindingSource {
  private static final int LISTED = 8;

  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream()
            .filter(c -> c.cell().find(Setting.CONNTRACK_MAX).isPresent())
            .toList();
    return cells.isEmpty() ? List.of() : List.of(finding(cells));
  }

  private static Finding finding(List<CellResults> cells) {
    return Rank.FULL_TABLE.finding(
        "full-table",
        Tone.PLAIN,
        Sentence.of("With room for few entries in the kernel's connection table: {each}.")
            .withSome("each", cells.stream().map(FullTableFindings::each).toList(), LISTED),
        Evidence.of(
                "summary.csv",
                "requests_answered_count, requests_due_count, requests_failed_count, failure_p50_ns",
                "sums over repetitions; failures, all phases: requests and connects, their time from"
                    + " when they were due, each repetition's median, lowest to highest",
                Numbers.counted(
                    cells.stream().mapToInt(c -> c.repetitions().size()).sum(), "repetition"))
            .at(CellLink.to(cells.getFirst())));
  }

  private static Sentence each(CellResults c) {
    return Sentence.of(
            "{title}: {answered} of {due} that were due had an answer, {failed} failed{after}")
        .with("title", c)
        .with("answered", c.sum(s -> s.requests().answeredCount()))
        .with("due", c.sum(s -> s.requests().dueCount()), "request")
        .with("failed", c.sum(s -> s.requests().failedCount()))
        .with(
            "after",
            Span.of(c.repetitions(), r -> r.summary().failure().p50Ns())
                .map(span ->
                    Sentence.of(", {after} (median) after they were due").withTime("after", span)));
  }
}
