package dev.conntrail.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a repetition goes, and how often.
 *
 * @param phases their lengths
 * @param events what happens in the measure phase, in order of time
 * @param repetitions tries
 */
public record Course(Phases phases, List<Event> events, int repetitions) {
  public Course {
    events = List.copyOf(events);
  }

  /** Whether nothing happens, and nobody is idle. */
  public boolean uneventful() {
    return events.isEmpty() && phases.idle().isZero();
  }

  /**
   * The mode of the rules, and each that a change brings.
   *
   * @param first that they begin with
   */
  public List<DataPlane> modes(DataPlane first) {
    return Stream.concat(
            Stream.of(first),
            events.stream()
                .flatMap(e ->
                    e instanceof Event.ChangeMode(DataPlane to, _)
                        ? Stream.of(to)
                        : Stream.empty()))
        .toList();
  }

  /** The pods that a Service has at any time, beginning with so many. */
  public int everPods(int pods) {
    PodNumbers numbers = new PodNumbers(pods, pods);
    for (Event event : events) {
      numbers = event.after(numbers);
    }
    return numbers.ever();
  }

  /** The parts of a cell's key that are its: phases and events, each by its word. */
  Map<String, String> axes() {
    Map<String, String> axes = new LinkedHashMap<>();
    axes.put("warmup", phases.warmup().toMillis() + "ms");
    axes.put("idle", phases.idle().toMillis() + "ms");
    axes.put("measure", phases.measure().toMillis() + "ms");
    axes.put("drain", phases.drain().toMillis() + "ms");
    axes.put("events", Event.text(events));
    return axes;
  }
}
