package dev.conntrail.analysis;

import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change of the Service did to connections, and what idleness did: from the ledger of one
 * repetition, for each change and for the idle phase.
 */
public final class Effects {
  /** The cause that is no change. */
  public static final String IDLE = "idle";

  private static final Set<String> BROKEN = Set.of("reset", "peer-fin", "error");

  private Effects() {}

  /** What was seen of a repetition. */
  private record Seen(
      String cell, int repetition, List<Rows.Connection> ledger, List<Rows.Interval> intervals) {}

  /** A client's end. */
  private record End(String address, int port) {}

  /**
   * A row for the idle phase, if there is one, and for each change.
   *
   * @param changes as they were made
   * @param ledger of the repetition
   * @param intervals of the repetition
   */
  public static List<Rows.Effect> of(
      Cell cell,
      int repetition,
      List<Rows.Change> changes,
      List<Rows.Connection> ledger,
      List<Rows.Interval> intervals) {
    Seen seen = new Seen(cell.id(), repetition, ledger, intervals);
    List<Rows.Effect> effects = new ArrayList<>();
    double warmupMs = cell.course().phases().warmup().toMillis();
    if (!cell.course().phases().idle().isZero()) {
      double toMs = cell.course().phases().beforeMeasure().toMillis();
      effects.add(effect(seen, IDLE, warmupMs, toMs, Set.of(), Set.of(), Set.of()));
    }
    Set<String> gone = new HashSet<>();
    for (Rows.Change change : changes) {
      Set<String> pods = Set.copyOf(Arrays.asList(change.pods().split(";", -1)));
      boolean adds = change.change().equals(Change.Kind.ADD.word());
      if (adds) {
        gone.removeAll(pods);
      } else {
        gone.addAll(pods);
      }
      effects.add(
          effect(
              seen,
              change.change(),
              change.begunMs(),
              change.doneMs(),
              adds ? pods : Set.of(),
              adds ? Set.of() : pods,
              gone));
    }
    return effects;
  }

  private static Rows.Effect effect(
      Seen seen,
      String cause,
      double fromMs,
      double toMs,
      Set<String> added,
      Set<String> removed,
      Set<String> gone) {
    List<Rows.Connection> ledger = seen.ledger();
    List<Rows.Connection> open =
        ledger.stream().filter(c -> c.bornMs() < fromMs && c.diedMs() > fromMs).toList();
    List<Rows.Connection> later = ledger.stream().filter(c -> c.begunMs() > toMs).toList();
    // a reply that comes later may answer what was sent before
    List<Rows.Connection> kept =
        open.stream().filter(c -> c.lastRequestMs() > toMs && !BROKEN.contains(c.death())).toList();
    List<Rows.Connection> broken = open.stream().filter(c -> BROKEN.contains(c.death())).toList();
    long reset = broken.stream().filter(c -> c.death().equals("reset")).count();
    double[] notices = broken.stream().mapToDouble(c -> c.diedMs() - fromMs).sorted().toArray();
    List<Rows.Connection> leaving = open.stream().filter(c -> removed.contains(c.pod())).toList();
    long[] ports = ports(ledger, fromMs, toMs, gone);
    return new Rows.Effect(
        seen.cell(),
        seen.repetition(),
        cause,
        fromMs,
        toMs,
        open.size(),
        kept.size(),
        reset,
        broken.size() - reset,
        open.size() - kept.size() - broken.size(),
        notices.length == 0 ? Double.NaN : notices[notices.length / 2],
        notices.length == 0 ? Double.NaN : notices[notices.length - 1],
        leaving.size(),
        leaving.stream().filter(kept::contains).count(),
        later.size(),
        later.stream().filter(c -> added.contains(c.pod())).count(),
        later.stream().filter(c -> removed.contains(c.pod())).count(),
        seen.intervals().stream()
            .filter(i -> i.startMs() + i.lengthMs() > fromMs)
            .mapToLong(Rows.Interval::errorsCount)
            .sum(),
        ports[0],
        ports[1]);
  }

  /**
   * Of the client's ends that were used before and after, those whose pod is still there; and of
   * them, those that came to another pod: what a hash of the client's end moves.
   */
  private static long[] ports(
      List<Rows.Connection> ledger, double fromMs, double toMs, Set<String> gone) {
    Map<End, String> before = new LinkedHashMap<>();
    Map<End, String> after = new LinkedHashMap<>();
    ledger.stream()
        .filter(c -> !c.pod().equals(Csv.MISSING))
        .sorted(Comparator.comparingDouble(Rows.Connection::bornMs))
        .forEach(c -> {
          End end = new End(c.localAddress(), c.localPort());
          if (c.bornMs() < fromMs) {
            before.put(end, c.pod());
          } else if (c.begunMs() > toMs) {
            after.putIfAbsent(end, c.pod());
          }
        });
    List<End> again =
        before.keySet().stream()
            .filter(e -> after.containsKey(e) && !gone.contains(before.get(e)))
            .toList();
    long moved = again.stream().filter(e -> !after.get(e).equals(before.get(e))).count();
    return new long[] {again.size(), moved};
  }
}
