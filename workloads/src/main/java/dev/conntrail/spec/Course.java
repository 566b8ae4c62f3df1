package dev.conntrail.spec;

import java.util.List;

/**
 * How a repetition goes, and how often.
 *
 * @param phases their lengths
 * @param changes what happens to the Service in the measure phase, in order of time
 * @param repetitions tries
 */
public record Course(Phases phases, List<Change> changes, int repetitions) {
  public Course {
    changes = List.copyOf(changes);
  }

  /** The most pods that the Service has at any time, beginning with so many. */
  public int mostPods(int pods) {
    int most = pods;
    int now = pods;
    for (Change change : changes) {
      now += change.kind() == Change.Kind.ADD ? change.pods() : -change.pods();
      most = Math.max(most, now);
    }
    return most;
  }
}
