package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.spec.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run says in its heading that is about events which do more than to change endpoints: how
 * many requests had no answer, by event, and where any had none by data plane and protocol; and
 * whether pods that joined got connections.
 */
final class EventHeading {
  private static final int LISTED = 3;

  /** Requests of some cells. */
  private record Requests(String of, long due, long lost) {
    static Requests of(String of, List<EventCost> costs) {
      return new Requests(
          of,
          costs.stream().mapToLong(EventCost::due).sum(),
          costs.stream().mapToLong(EventCost::lost).sum());
    }

    double share() {
      return due == 0 ? 0 : (double) lost / due;
    }

    Sentence sentence() {
      Sentence counts =
          Sentence.of(lost == 0 ? "{lost} of {due}" : "{lost} of {due} ({of})")
              .withAny("lost", lost)
              .with("due", due);
      return lost == 0 ? counts : counts.withName("of", of);
    }
  }

  private EventHeading() {}

  /** None if no such event had an effect on anything; what it spared tells nothing. */
  static Optional<Sentence> of(Analysis run) {
    List<EventCost> costs =
        EventCost.of(run).stream()
            .filter(c -> c.due() > 0 && !c.spared() && !ofEndpoints(c))
            .toList();
    Map<String, List<EventCost>> byEvents = new LinkedHashMap<>();
    costs.forEach(c -> byEvents.computeIfAbsent(events(c), _ -> new ArrayList<>()).add(c));
    List<Sentence> each =
        byEvents.entrySet().stream()
            .sorted(Comparator.comparingDouble(e -> -Requests.of("", e.getValue()).share()))
            .map(e -> of(e.getKey(), e.getValue()))
            .toList();
    return each.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Sentence.of("Requests without an answer: {each}.{joined}")
                .withSome("each", each, LISTED)
                .with("joined", " ", joined(costs)));
  }

  private static boolean ofEndpoints(EventCost c) {
    return c.cell().cell().course().events().stream().allMatch(e -> e.kind().ofEndpoints());
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

  private static String events(EventCost c) {
    return c.cell().cell().course().events().stream()
        .map(Event::phrase)
        .collect(Collectors.joining(" and "));
  }

  /** Those of the same events: together if all were answered, else those that lost most. */
  private static Sentence of(String events, List<EventCost> costs) {
    Map<String, List<EventCost>> where =
        costs.stream()
            .collect(
                Collectors.groupingBy(
                    c ->
                        c.cell().cell().variant().text() + ", " + c.cell().cell().protocol().word(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Requests> lossy = new ArrayList<>();
    List<EventCost> whole = new ArrayList<>();
    where.forEach((of, some) -> {
      Requests requests = Requests.of(of, some);
      if (requests.lost() == 0) {
        whole.addAll(some);
      } else {
        lossy.add(requests);
      }
    });
    lossy.sort(Comparator.comparingDouble(r -> -r.share()));
    List<Sentence> parts = new ArrayList<>();
    lossy.stream().limit(LISTED).map(Requests::sentence).forEach(parts::add);
    if (lossy.size() > LISTED) {
      parts.add(others(lossy.subList(LISTED, lossy.size())).sentence());
    }
    if (!whole.isEmpty()) {
      parts.add(Requests.of("", whole).sentence());
    }
    return Sentence.of("{parts} with {events}").withList("parts", parts).withName("events", events);
  }

  private static Requests others(List<Requests> some) {
    return new Requests(
        Numbers.counted((long) some.size(), "other"),
        some.stream().mapToLong(Requests::due).sum(),
        some.stream().mapToLong(Requests::lost).sum());
  }
}
