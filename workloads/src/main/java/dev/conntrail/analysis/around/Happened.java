package dev.conntrail.analysis.around;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EventKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An event as it went.
 *
 * @param askedMs when it was due, after the start of the first phase
 * @param steps in order of time, at least one
 * @param untilMs when the next event of the repetition began, whatever became of that: what happens
 *     from then on may be its doing; infinite if none came after
 */
public record Happened(EventKind event, double askedMs, List<EventRow> steps, double untilMs) {
  /**
   * Those of a repetition, in order of time; what one that was cut short did is not known, and it
   * is none of them.
   */
  public static List<Happened> of(List<EventRow> rows) {
    record Which(EventKind event, double askedMs) {}

    Map<Which, List<EventRow>> each =
        rows.stream()
            .sorted(Comparator.comparingDouble(EventRow::begunMs))
            .collect(
                Collectors.groupingBy(
                    e -> new Which(e.event(), e.askedMs()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    double[] begun = each.values().stream().mapToDouble(s -> s.getFirst().begunMs()).toArray();
    return each.entrySet().stream()
        .map(e ->
            new Happened(
                e.getKey().event(),
                e.getKey().askedMs(),
                e.getValue(),
                next(begun, e.getValue().getFirst().begunMs())))
        .filter(h -> h.steps().stream().noneMatch(s -> s.step() == EventStep.CUT_SHORT))
        .toList();
  }

  private static double next(double[] begunMs, double afterMs) {
    return Arrays.stream(begunMs).filter(ms -> ms > afterMs).min().orElse(Double.POSITIVE_INFINITY);
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

  /** Pods that left: whose endpoints did, or that ended, were killed or fell silent. */
  public Set<String> out() {
    return pods(e -> e.step().takesOut());
  }

  /** Pods that it took out, ended, killed, silenced, paused or slowed. */
  public Set<String> struck() {
    return pods(e -> e.step().strikes());
  }

  /**
   * Connections that broke, and not by another event, nor by the cure: pods that give connections
   * up by age say goodbye all the time. Of those that something happened to it cannot be told.
   */
  public Predicate<ConnectionRow> broke(Cure cure) {
    Predicate<ConnectionRow> broke = c -> c.death().broken() && c.diedMs() <= untilMs;
    if (cure.byServer().isEmpty()) {
      return broke;
    }
    Set<String> upset = new HashSet<>(removed());
    upset.addAll(struck());
    return broke.and(
        c -> c.death() != Death.GOODBYE || c.pod().filter(upset::contains).isPresent());
  }

  private Set<String> pods(Predicate<EventRow> which) {
    return steps.stream()
        .filter(which)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
