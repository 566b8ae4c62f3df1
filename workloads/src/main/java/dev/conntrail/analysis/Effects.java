package dev.conntrail.analysis;

import dev.conntrail.analysis.around.Happened;
import dev.conntrail.record.Death;
import dev.conntrail.record.Quantiles;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.IntervalRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Phases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a change of the Service did to connections, and what idleness did: from the ledger of one
 * repetition, for each change and for the idle phase.
 */
public final class Effects {
  private Effects() {}

  /**
   * What was seen of a repetition.
   *
   * @param at which
   * @param ledger its connections
   * @param intervals of all clients
   */
  public record Seen(At at, List<ConnectionRow> ledger, List<IntervalRow> intervals) {}

  /** A client's end. */
  private record End(String address, int port) {}

  /**
   * A cause.
   *
   * @param added pods whose endpoints joined
   * @param removed pods whose endpoints left
   * @param struck pods that are worse off, if a connection tells its pod
   * @param gone pods that are not in the Service afterwards
   * @param untilMs what happens from then on may be the doing of another
   * @param broke connections that broke by this
   */
  private record Reason(
      Cause cause,
      double fromMs,
      double toMs,
      Set<String> added,
      Set<String> removed,
      Optional<Set<String>> struck,
      Set<String> gone,
      double untilMs,
      Predicate<ConnectionRow> broke) {}

  /**
   * A row for the idle phase, if there is one, and for each event.
   *
   * @param events their steps, as they were made
   */
  public static List<EffectRow> of(Cell cell, List<EventRow> events, Seen seen) {
    List<Reason> causes = new ArrayList<>();
    Phases phases = cell.course().phases();
    if (!phases.idle().isZero()) {
      causes.add(
          new Reason(
              Cause.IDLE,
              phases.warmup().toMillis(),
              phases.beforeMeasure().toMillis(),
              Set.of(),
              Set.of(),
              Optional.empty(),
              Set.of(),
              Double.POSITIVE_INFINITY,
              c -> c.death().broken()));
    }
    Set<String> gone = new HashSet<>();
    for (Happened event : Happened.of(events)) {
      gone.removeAll(event.added());
      gone.addAll(event.removed());
      causes.add(
          new Reason(
              Cause.of(event.event()),
              event.fromMs(),
              event.toMs(),
              event.added(),
              event.removed(),
              Optional.of(event.struck()).filter(s -> cell.route().pins() && !s.isEmpty()),
              Set.copyOf(gone),
              event.untilMs(),
              event.broke(cell.cure())));
    }
    return causes.stream().map(cause -> effect(seen, cause)).toList();
  }

  private static EffectRow effect(Seen seen, Reason h) {
    List<ConnectionRow> open = seen.ledger().stream().filter(c -> c.openAt(h.fromMs())).toList();
    List<ConnectionRow> later =
        seen.ledger().stream()
            .filter(c -> c.begunMs() > h.toMs() && c.begunMs() < h.untilMs())
            .toList();
    double[] notices =
        open.stream().filter(h.broke()).mapToDouble(c -> c.diedMs() - h.fromMs()).toArray();
    List<ConnectionRow> leaving = open.stream().filter(c -> onAny(c, h.removed())).toList();
    return new EffectRow(
        seen.at(),
        h.cause(),
        h.fromMs(),
        h.toMs(),
        fate(open, h),
        h.struck().map(pods -> open.stream().filter(c -> onAny(c, pods)).count()),
        Quantiles.median(notices),
        Arrays.stream(notices).max().orElse(Double.NaN),
        new EffectRow.Leaving(leaving.size(), fate(leaving, h).keptCount()),
        new EffectRow.New(
            later.size(),
            later.stream().filter(c -> onAny(c, h.added())).count(),
            later.stream().filter(c -> onAny(c, h.removed())).count()),
        seen.intervals().stream()
            .filter(i -> i.startMs() + i.lengthMs() > h.fromMs() && i.startMs() < h.untilMs())
            .mapToLong(IntervalRow::failedCount)
            .sum(),
        unheard(seen.ledger(), h),
        ports(seen.ledger(), h));
  }

  /** Not known where a pod that answered on a connection that broke did not say its count. */
  private static Optional<Long> unheard(List<ConnectionRow> ledger, Reason h) {
    List<ConnectionRow> since =
        ledger.stream().filter(c -> c.diedMs() > h.fromMs() && c.bornMs() < h.untilMs()).toList();
    if (since.stream()
        .anyMatch(c -> c.requestsCount() > 0 && c.death().broken() && c.servedCount().isEmpty())) {
      return Optional.empty();
    }
    return since.stream().flatMap(c -> c.unheardCount().stream()).reduce(Long::sum);
  }

  private static boolean onAny(ConnectionRow c, Set<String> pods) {
    return c.pod().filter(pods::contains).isPresent();
  }

  /** A reply that comes later may answer what was sent before: what counts is what was sent. */
  private static EffectRow.Fate fate(List<ConnectionRow> open, Reason h) {
    long broken = open.stream().filter(h.broke()).count();
    long reset = open.stream().filter(h.broke()).filter(c -> c.death() == Death.RESET).count();
    List<ConnectionRow> whole = open.stream().filter(h.broke().negate()).toList();
    long kept = whole.stream().filter(c -> c.lastRequestMs() > h.toMs()).count();
    long left = whole.stream().filter(c -> !(c.lastRequestMs() > h.toMs()) && left(c, h)).count();
    return new EffectRow.Fate(open.size(), kept, reset, broken - reset, whole.size() - kept - left);
  }

  /**
   * Whether it tells nothing: its client had used it long enough, or the cure its pod, or it was
   * over before the event, or broke by another.
   */
  private static boolean left(ConnectionRow c, Reason h) {
    return c.death() == Death.RETIRED || c.death().broken() || c.diedMs() <= h.toMs();
  }

  /** Of ends that were used before and after, what a hash of the client's end moves. */
  private static EffectRow.Ports ports(List<ConnectionRow> ledger, Reason h) {
    Map<End, String> before = new LinkedHashMap<>();
    Map<End, String> after = new LinkedHashMap<>();
    ledger.stream()
        .filter(c -> c.pod().isPresent())
        .sorted(Comparator.comparingDouble(ConnectionRow::bornMs))
        .forEach(c -> {
          End end = new End(c.localAddress(), c.localPort());
          if (c.bornMs() < h.fromMs()) {
            before.put(end, c.pod().get());
          } else if (c.begunMs() > h.toMs()) {
            after.putIfAbsent(end, c.pod().get());
          }
        });
    List<End> again =
        before.keySet().stream()
            .filter(e -> after.containsKey(e) && !h.gone().contains(before.get(e)))
            .toList();
    long moved = again.stream().filter(e -> !after.get(e).equals(before.get(e))).count();
    return new EffectRow.Ports(again.size(), moved);
  }
}
