package dev.conntrail.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
