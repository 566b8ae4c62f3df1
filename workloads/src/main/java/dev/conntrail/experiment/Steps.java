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
   * Notes a step that was seen.
   *
   * @param pods that it is about, in order; none if it is about rules
   * @param begunNs when it began ({@link System#nanoTime()})
   * @param doneNs when it was done
   * @param endpoints how many the Service has afterwards
   */
  void note(EventStep step, List<Place> pods, long begunNs, long doneNs, int endpoints);

  /**
   * Does a step, and notes when it began and was done.
   *
   * @param pods that it is about, in order; none if it is about rules
   */
  default void take(EventStep step, List<Place> pods, Work work) throws InterruptedException {
    long begunNs = System.nanoTime();
    int endpoints = work.run();
    note(step, pods, begunNs, System.nanoTime(), endpoints);
  }
}
