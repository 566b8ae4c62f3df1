package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.testbed.Place;
import java.util.List;

/** Where an event's steps are done, and noted with their times. */
@FunctionalInterface
interface Steps {
  /**
   * Does a step, and notes when it began and was done, and the endpoints that there are then.
   *
   * @param pods that it is about, in order; none if it is about rules
   */
  void take(EventStep step, List<Place> pods, Tasks.Work work) throws InterruptedException;
}
