package dev.conntrail.analysis.around;

import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.EventKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An event as it went.
 *
 * @param askedMs when it was due, after the start of the first phase
 * @param steps in order of time, at least one
 */
public record Happened(EventKind event, double askedMs, List<EventRow> steps) {
  /**
   * Those of a repetition, in order of time; what one that was cut short did is not known, and it
   * is none of them.
   */
  public static List<Happened> of(List<EventRow> rows) {
    record Which(EventKind event, double askedMs) {}

    return rows.stream()
        .sorted(Comparator.comparingDouble(EventRow::begunMs))
        .collect(
            Collectors.groupingBy(
                e -> new Which(e.event(), e.askedMs()), LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(e -> new Happened(e.getKey().event(), e.getKey().askedMs(), e.getValue()))
        .filter(h -> h.steps().stream().noneMatch(s -> s.step() == EventStep.CUT_SHORT))
        .toList();
  }

  /** When its first step began. */
  public double fromMs() {
    return steps.getFirst().begunMs();
  }

  /** When the last of its steps was done. */
  public double toMs() {
    return steps.stream().mapToDouble(EventRow::doneMs).max().orElseThrow();
  }

  /** Pods whose endpoints joined. */
  public Set<String> added() {
    return pods(EventRow::adds);
  }

  /** Pods whose endpoints left. */
  public Set<String> removed() {
    return pods(EventRow::removes);
  }

  /** Pods that it took out, ended, killed, silenced, paused or slowed. */
  public Set<String> struck() {
    return pods(e -> e.step().strikes());
  }

  private Set<String> pods(Predicate<EventRow> which) {
    return steps.stream()
        .filter(which)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
