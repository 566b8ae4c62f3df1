package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.RequestsDue;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Lifecycle;
import java.util.List;
import java.util.Optional;

/** What a {@code preStop} hook changed of what an event costs: beside the same without it. */
final class HookFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, o -> without(run, o).isPresent()).stream()
        .map(group -> finding(run, group))
        .toList();
  }

  /**
   * The same event in the cell that differs in {@code preStop} alone; empty if there is none, or if
   * what became of requests was not recorded as often, for then sums are not to be compared.
   */
  private static Optional<Occurrence> without(Analysis run, Occurrence with) {
    int watched = due(run, with).size();
    if (watched == 0 || !hooked(with)) {
      return Optional.empty();
    }
    return with.in(run, hookless(with.cell().cell()))
        .filter(o -> due(run, o).size() == watched)
        .findFirst();
  }

  /** Whether pods that it ends have a hook. */
  private static boolean hooked(Occurrence o) {
    return o.cell().cell().course().events().stream()
        .filter(e -> Optional.of(e.kind()).equals(o.cause().event()))
        .anyMatch(e -> !e.equals(Lifecycle.withoutPreStop(e)));
  }

  /** The same without one. */
  private static Cell hookless(Cell c) {
    Course course = c.course();
    return c.with(
        new Course(
            course.phases(),
            course.events().stream().map(Lifecycle::withoutPreStop).toList(),
            course.repetitions()));
  }

  /** What became of requests that were due since, a repetition each in which that was recorded. */
  private static List<RequestsDue> due(Analysis run, Occurrence o) {
    return Seen.of(run.around(), o).windows(Window.SINCE).stream()
        .map(AroundRow::due)
        .filter(due -> due.count().isPresent())
        .toList();
  }

  private static Finding finding(Analysis run, Occurrences group) {
    return group.finding(
        Rank.HOOKS,
        "pre-stop",
        group
            .sentence("What preStop made of {kind} ({where}): {each}.", o -> each(run, o))
            .with("kind", group.any().cause().toString()),
        group.evidence(
            "around.csv",
            "due_count, due_failed_count, due_unanswered_count of the window since",
            "sums over repetitions, from the event's start until the next, or the end of the measure"
                + " phase: requests that were due then, and of these what failed or had no answer when"
                + " the drain ended, in these cells; and in the same with pre-stop 0"));
  }

  private static Sentence each(Analysis run, Occurrence o) {
    return o.sentence(": {with} with it, and {without} without")
        .with("with", lost(due(run, o)))
        .with("without", lost(due(run, without(run, o).orElseThrow())));
  }

  private static Sentence lost(List<RequestsDue> due) {
    long all = due.stream().flatMap(d -> d.count().stream()).mapToLong(n -> n).sum();
    long answered = due.stream().flatMap(d -> d.answeredCount().stream()).mapToLong(n -> n).sum();
    return Sentence.of("{lost} of {due} lost")
        .with("lost", all - answered)
        .with("due", all, "request");
  }
}
