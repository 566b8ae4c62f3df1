package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Retries;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What libraries' retries changed of what an event costs: beside the same without them. */
final class RetryFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, o -> without(run, o).isPresent()).stream()
        .map(group -> finding(run, group))
        .toList();
  }

  /**
   * The same event in the cell that differs in nothing else; empty if there is none, or if it was
   * not watched as often, for then sums are not to be compared.
   */
  private static Optional<Occurrence> without(Analysis run, Occurrence with) {
    int watched = Seen.of(run.around(), with).recoveries().size();
    if (with.cell().cell().get(Axes.RETRIES) == Retries.OFF || watched == 0) {
      return Optional.empty();
    }
    return with.in(run, with.cell().cell().with(Axes.RETRIES, Retries.OFF))
        .filter(o -> Seen.of(run.around(), o).recoveries().size() == watched)
        .findFirst();
  }

  private static Finding finding(Analysis run, Occurrences group) {
    return group.finding(
        Rank.RETRIES,
        "retries",
        group
            .sentence("What retries made of {kind} ({where}): {each}.", o -> each(run, o))
            .with("kind", group.any().cause().toString()),
        group.evidence(
            "recovery.csv",
            "failed_count, retried_count",
            "sums over repetitions, from the event's start until the next: requests that failed in"
                + " these cells, and in the same with retries off; and how often the library sent one"
                + " again"));
  }

  private static Sentence each(Analysis run, Occurrence o) {
    return o.sentence(": {failed} failed with {retried}, and {without} without")
        .with("failed", sum(run, o, RecoveryRow::failedCount), "request")
        .with("retried", retries(sum(run, o, RecoveryRow::retriedCount)))
        .with("without", sum(run, without(run, o).orElseThrow(), RecoveryRow::failedCount));
  }

  private static Sentence retries(long n) {
    return Sentence.of(n == 1 ? "{n} retry" : "{n} retries").with("n", n);
  }

  private static long sum(Analysis run, Occurrence o, ToLongFunction<RecoveryRow> figure) {
    return Seen.of(run.around(), o).recoveries().stream().mapToLong(figure).sum();
  }
}
