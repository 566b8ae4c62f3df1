package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.EventKind;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the mean hides that an autoscaler goes by: the hottest pod, in the second after a Service
 * got more or fewer endpoints. Where that would choose no other number one line says so of all.
 */
final class AutoscalerFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    Around around = run.around();
    return Occurrences.findings(
        run,
        o -> !after(around, o).isEmpty(),
        o -> alike(around, o),
        group -> finding(around, group),
        AutoscalerFindings::alike);
  }

  /** Those for which an autoscaler has a target, and in which something was answered. */
  private static List<AroundRow> after(Around around, Occurrence o) {
    return o.cause().event().filter(EventKind::scales).isEmpty()
        ? List.of()
        : Seen.of(around, o).windows(Window.AFTER).stream()
            .filter(w -> w.pods().replicasByMeanCount().isPresent() && w.pods().hottestPerS() > 0)
            .toList();
  }

  /** Whether the hottest pod changes no choice, in no repetition. */
  private static boolean alike(Around around, Occurrence o) {
    return after(around, o).stream()
        .allMatch(w -> w.pods().replicasByMeanCount().equals(w.pods().replicasByHottestCount()));
  }

  private static Finding alike(List<Occurrences> all) {
    return Occurrences.folded(
        all,
        Rank.AUTOSCALER,
        "autoscaler-alike",
        "By the hottest pod an HPA would choose as many as by the mean in the second after {n}:"
            + " {each}.",
        "around.csv, events.csv",
        "replicas_by_mean_count, replicas_by_hottest_count",
        "in each repetition; the target is the mean of the second before, the tolerance a tenth");
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
