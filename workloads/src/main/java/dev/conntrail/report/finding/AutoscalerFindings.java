package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.Window;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the mean hides that an autoscaler goes by: the hottest pod, in the second after an event.
 */
final class AutoscalerFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    Around around = run.around();
    return Occurrences.of(run, o -> !after(around, o).isEmpty()).stream()
        .map(group -> finding(around, group))
        .toList();
  }

  /** Those for which an autoscaler has a target, and in which something was answered. */
  private static List<AroundRow> after(Around around, Occurrence o) {
    return Seen.of(around, o).windows(Window.AFTER).stream()
        .filter(w -> w.pods().replicasByMeanCount().isPresent() && w.pods().hottestPerS() > 0)
        .toList();
  }

  private static Finding finding(Around around, Occurrences group) {
    return group.finding(
        Rank.AUTOSCALER,
        "autoscaler",
        group.sentence(
            "What an autoscaler's mean hides in the second after ({where}): {each}.",
            o -> each(after(around, o), o)),
        group.evidence(
            "around.csv, events.csv",
            "mean_per_s, hottest_per_s, pods_count, replicas_by_mean_count, replicas_by_hottest_count",
            "requests of the Service's endpoints, lowest to highest over repetitions; the target is the"
                + " mean of the second before, the tolerance a tenth; CPU is measured over the whole phase alone"));
  }

  private static Sentence each(List<AroundRow> after, Occurrence o) {
    return o.sentence(
            ": the hottest of {pods} answered {times} times the mean, and an HPA would choose {mean} by the"
                + " mean, {hottest} by the hottest")
        .with("pods", span(after, w -> w.pods().podsCount()), "pod")
        .with("times", span(after, w -> w.pods().hottestPerS() / w.pods().meanPerS()))
        .with("mean", span(after, w -> w.pods().replicasByMeanCount().orElseThrow()))
        .with("hottest", span(after, w -> w.pods().replicasByHottestCount().orElseThrow()));
  }

  private static Span span(List<AroundRow> after, ToDoubleFunction<AroundRow> figure) {
    return Span.of(after, figure).orElseThrow();
  }
}
