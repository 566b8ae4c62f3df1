package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.testbed.Place;
import java.util.List;

/** Where an event's steps are done, and noted with their times. */
@FunctionalInterface
interface Steps {
  /** What a step does. */
  @FunctionalInterface
  interface Work {
    /** Does it; how many endpoints the Service has afterwards. */
    int run() throws InterruptedException;
  }

  /**
   * Does a step, and notes when it began and was done.
   *
   * @param pods that it is about, in order; none if it is about rules
   */
  void take(EventStep step, List<Place> pods, Work work) throws InterruptedException;
}
