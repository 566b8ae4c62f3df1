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
    return Stream.concat(Stream.of(first), events.stream().flatMap(e -> e.mode().stream()))
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

  /** What its events take of a testbed together, beside what each takes. */
  Stream<Ability> needs() {
    return Stream.concat(
        Stream.of(Ability.SEVERAL_LIVES).filter(_ -> ClusterLife.asked(events).size() > 1),
        Stream.of(Ability.ENDPOINTS_BESIDE_PODS).filter(_ -> ofEndpoints() && ofPods()));
  }

  /** Whether endpoints join or leave whose pods go on. */
  private boolean ofEndpoints() {
    return events.stream().anyMatch(e -> e.kind().ofEndpoints());
  }

  private boolean ofPods() {
    return events.stream().anyMatch(e -> e.kind().ofPods());
  }

  /**
   * The pods that a cluster's Deployment has when a repetition begins: those that join without
   * being made run from the first.
   *
   * @param pods that are behind the Service then
   */
  public int standingPods(int pods) {
    return ofEndpoints() ? everPods(pods) : pods;
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
