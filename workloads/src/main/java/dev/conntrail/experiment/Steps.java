package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.testbed.Place;
import java.util.List;

/** Where an event's steps are noted with their times, and the endpoints that there are then. */
@FunctionalInterface
interface Steps {
  /** Notes nothing. */
  Steps UNSEEN = (_, _, _, _) -> {};

  /**
   * Notes a step that was seen.
   *
   * @param pods that it is about, in order; none if it is about rules
   * @param begunNs when it began ({@link System#nanoTime()})
   * @param doneNs when it was done
   */
  void note(EventStep step, List<Place> pods, long begunNs, long doneNs);

  /** Notes a step that is done now. */
  default void done(EventStep step, List<Place> pods, long begunNs) {
    note(step, pods, begunNs, System.nanoTime());
  }

  /** Does a step, and notes when it began and was done. */
  default void take(EventStep step, List<Place> pods, Tasks.Work work) throws InterruptedException {
    long begunNs = System.nanoTime();
    work.run();
    done(step, pods, begunNs);
  }
}
