package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run says in its heading that is about events which do more than to change endpoints: how
 * many requests had no answer, by event; and whether pods that joined got connections.
 */
final class EventHeading {
  private static final int LISTED = 4;

  /** Shares that differ by no more than this factor need not be told apart. */
  private static final double AGREE = 1.5;

  private static final String HOOK = "pre-stop";
  private static final String NO_HOOK = "0ms";

  private EventHeading() {}

  /** None if no such event had an effect on anything; what it spared tells nothing. */
  static Optional<Sentence> of(Analysis run) {
    List<EventCost> costs =
        EventCost.of(run).stream()
            .filter(c -> c.due() > 0 && !c.spared() && !ofEndpoints(c.cell()))
            .toList();
    Map<String, List<EventCost>> byEvents =
        costs.stream()
            .collect(
                Collectors.groupingBy(
                    c -> events(c.cell()), LinkedHashMap::new, Collectors.toList()));
    List<Sentence> each =
        byEvents.entrySet().stream()
            .sorted(Comparator.comparingDouble(e -> -lostShare(e.getValue())))
            .map(e -> of(e.getKey(), e.getValue()))
            .toList();
    return each.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Sentence.of("Requests without an answer: {each}.{joined}{hurried}")
                .withSome("each", each, LISTED)
                .with("joined", " ", joined(costs))
                .with("hurried", " ", hurried(run)));
  }

  /** True of a cell without any, too. */
  private static boolean ofEndpoints(CellResults c) {
    return c.cell().course().events().stream().allMatch(e -> e.kind().ofEndpoints());
  }

  private static Optional<Sentence> hurried(Analysis run) {
    long n = EventCost.hurried(run, c -> !ofEndpoints(c));
    return n == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of(
                    "Not in it: {n} whose clients were short of CPU, where others of the same events"
                        + " had CPU to spare.")
                .with("n", n, "repetition"));
  }

  private static Optional<Sentence> joined(List<EventCost> costs) {
    long pods = costs.stream().mapToLong(c -> c.joined().size()).sum();
    long reached = costs.stream().mapToLong(EventCost::reached).sum();
    return pods == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of("Of {pods} that joined {reached} got a connection.")
                .with("pods", pods, "pod")
                .withAny("reached", reached));
  }

  /**
   * What was done; with the hook before SIGTERM, of a change of mode also from which, and whether
   * clients send again what fails.
   */
  static String events(CellResults c) {
    List<Event> events = c.cell().course().events();
    String done = events.stream().map(EventHeading::done).collect(Collectors.joining(" and "));
    String from =
        events.stream().anyMatch(e -> e.kind() == EventKind.CHANGE_MODE)
            ? " from " + c.cell().dataPlane().word()
            : "";
    return done + from + Axes.RETRIES.phrase(c.cell()).map(again -> ", " + again).orElse("");
  }

  private static String done(Event event) {
    return event.brief()
        + Optional.ofNullable(event.options().get(HOOK))
            .filter(hook -> !hook.equals(NO_HOOK))
            .map(hook -> " " + HOOK + " " + hook)
            .orElse("");
  }

  private static double lostShare(List<EventCost> costs) {
    return (double) lost(costs) / due(costs);
  }

  private static long lost(List<EventCost> costs) {
    return costs.stream().mapToLong(EventCost::lost).sum();
  }

  private static long due(List<EventCost> costs) {
    return costs.stream().mapToLong(EventCost::due).sum();
  }

  private static Sentence of(String events, List<EventCost> costs) {
    return Sentence.of("{lost} of {due} with {events}{range}")
        .withAny("lost", lost(costs))
        .with("due", due(costs))
        .withName("events", events)
        .with("range", ", from ", range(costs));
  }

  /** From whom least to whom most was lost, by protocol and cure; none where they agree. */
  private static Optional<Sentence> range(List<EventCost> costs) {
    boolean protocols = costs.stream().map(c -> c.cell().cell().protocol()).distinct().count() > 1;
    boolean cures = costs.stream().map(c -> cure(c.cell())).distinct().count() > 1;
    Map<String, List<EventCost>> ways =
        costs.stream()
            .collect(
                Collectors.groupingBy(
                    c -> way(c.cell(), protocols, cures), LinkedHashMap::new, Collectors.toList()));
    Comparator<Map.Entry<String, List<EventCost>>> byShare =
        Comparator.comparingDouble(way -> lostShare(way.getValue()));
    var least = ways.entrySet().stream().min(byShare).orElseThrow();
    var most = ways.entrySet().stream().max(byShare).orElseThrow();
    return lostShare(most.getValue()) <= AGREE * lostShare(least.getValue())
        ? Optional.empty()
        : Optional.of(
            Sentence.of("{least} to {most}").with("least", of(least)).with("most", of(most)));
  }

  private static String way(CellResults c, boolean protocols, boolean cures) {
    return Stream.of(
            Optional.of(c.cell().protocol().word()).filter(_ -> protocols),
            Optional.of(cure(c)).filter(_ -> cures))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private static String cure(CellResults c) {
    return CureFindings.name(c.cell());
  }

  private static Sentence of(Map.Entry<String, List<EventCost>> way) {
    return Sentence.of("{lost} of {due} ({way})")
        .with("lost", lost(way.getValue()))
        .with("due", due(way.getValue()))
        .with("way", way.getValue().getFirst().cell(), way.getKey());
  }
}
