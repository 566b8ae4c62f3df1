package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.NewPodRow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a cell's events cost, all repetitions together.
 *
 * @param cell of which something is known that an event did
 * @param due requests that were due in the measure phase
 * @param answered of these, answered
 * @param open connections that were open when the first event began
 * @param ended of these, ended before the client wanted it, and before a second event began
 * @param spared whether events struck pods, and none that a connection was open on
 * @param joined pods that joined, with what they got; empty where that was not watched
 */
public record EventCost(
    CellResults cell,
    long due,
    long answered,
    long open,
    long ended,
    boolean spared,
    List<NewPodRow> joined) {
  private static final Comparator<EventCost> DEAREST_LAST =
      Comparator.comparing(EventCost::spared)
          .reversed()
          .thenComparingDouble(EventCost::lostShare)
          .thenComparingDouble(EventCost::endedShare);

  /**
   * Those of a run, in its order, without repetitions that ended before an event was over. A client
   * that is short of CPU loses requests by itself: where others had CPU to spare in cells of the
   * same events, repetitions with that mark are left out too.
   */
  static List<EventCost> of(Analysis run) {
    List<CellResults> over = allOver(run);
    Set<String> told = told(over);
    return over.stream()
        .map(c -> told.contains(EventHeading.events(c)) ? c.only(EventCost::unhurried) : c)
        .flatMap(c -> of(run, c).stream())
        .toList();
  }

  private static List<CellResults> allOver(Analysis run) {
    return run.results().measured().stream().map(c -> c.only(EventCost::over)).toList();
  }

  /** Events that clients with CPU to spare saw. */
  private static Set<String> told(List<CellResults> cells) {
    return cells.stream()
        .filter(c -> c.marked(Mark.CLIENT_SHORT_OF_CPU) < c.repetitions().size())
        .map(EventHeading::events)
        .collect(Collectors.toSet());
  }

  /** How many repetitions of some cells are left out because clients were short of CPU. */
  static long hurried(Analysis run, Predicate<CellResults> which) {
    List<CellResults> over = allOver(run);
    Set<String> told = told(over);
    return over.stream()
        .filter(which.and(c -> told.contains(EventHeading.events(c))))
        .mapToLong(c -> c.marked(Mark.CLIENT_SHORT_OF_CPU))
        .sum();
  }

  private static boolean unhurried(RepetitionResults r) {
    return !r.summary().marked(Mark.CLIENT_SHORT_OF_CPU);
  }

  private static boolean over(RepetitionResults r) {
    return !CutShort.is(r);
  }

  /** That of a cell, as above; empty if nothing is known that an event did. */
  public static Optional<EventCost> of(Analysis run, CellResults all) {
    CellResults cell = all.only(EventCost::over);
    List<Occurrence> events =
        Occurrence.of(cell).stream().filter(o -> o.cause().event().isPresent()).toList();
    return events.stream()
        .findFirst()
        .map(first ->
            new EventCost(
                cell,
                cell.sum(s -> s.requests().dueCount()),
                cell.sum(s -> s.requests().answeredCount()),
                first.sum(e -> e.open().count()),
                first.broken(),
                events.stream().allMatch(Occurrence::spared),
                run.around().newPods().stream().filter(p -> of(cell, p.at())).toList()));
  }

  private static boolean of(CellResults cell, At at) {
    return cell.repetitions().stream().anyMatch(r -> r.summary().at().equals(at));
  }

  /**
   * The one that lost most of its requests, else most of its connections; the first of these. Only
   * where all spared connections, one of these.
   */
  static Optional<EventCost> dearest(List<EventCost> costs) {
    return costs.stream()
        .filter(c -> c.due() > 0)
        .reduce((a, b) -> DEAREST_LAST.compare(a, b) < 0 ? b : a);
  }

  /** Requests of the measure phase that had no answer. */
  public long lost() {
    return due - answered;
  }

  /** From 0 to 1; 0 if none was due. */
  double lostShare() {
    return due == 0 ? 0 : (double) lost() / due;
  }

  private double endedShare() {
    return open == 0 ? 0 : (double) ended / open;
  }

  /** Pods that joined and got a connection while they were watched. */
  public long reached() {
    return reached(joined);
  }

  private static long reached(List<NewPodRow> pods) {
    return pods.stream().filter(p -> Double.isFinite(p.firstConnectionAfterMs())).count();
  }

  private boolean several() {
    return cell.cell().course().events().size() > 1;
  }

  /** The cell, and what it lost; first, whether that tells anything of its events. */
  String text() {
    String cost = "{lost} of {due} had no answer{ended}";
    return Sentence.of(
            "{cell}: "
                + (spared
                    ? "no connection was on a pod that was struck, so what that costs is not told ("
                        + cost
                        + ")"
                    : cost))
        .with("cell", cell)
        .with("lost", lost())
        .with("due", due, "request")
        .with(
            "ended",
            open == 0
                ? Optional.empty()
                : Optional.of(
                    Sentence.of("; {ended} of {open} ended before the client wanted it{until}")
                        .with("until", several() ? " and a second event began" : "")
                        .with("ended", ended)
                        .with("open", open, "open connection")))
        .text();
  }

  /** What pods got that joined, in all cells; empty if none did. */
  static Optional<String> newPods(List<EventCost> costs) {
    List<NewPodRow> pods = costs.stream().flatMap(c -> c.joined().stream()).toList();
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Sentence.of("{without} of {pods} that joined got no connection{first}")
            .with("without", pods.size() - reached(pods))
            .with("pods", pods.size(), "pod")
            .with(
                "first",
                Span.of(pods, NewPodRow::firstConnectionAfterMs)
                    .map(after ->
                        Sentence.of("; the others' first came {after} after their event began")
                            .withMillis("after", after)))
            .text());
  }
}
