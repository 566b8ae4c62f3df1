package dev.conntrail.load;

import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;

/** The phases of a run: not there until the first begins, cut short when the run is told to end. */
final class PhaseClock {
  private final LoadPlan plan;
  private volatile Timeline timeline;

  PhaseClock(LoadPlan plan) {
    this.plan = plan;
  }

  /** The first phase begins now. */
  void begin() {
    timeline = Timeline.of(plan.phases(), System.nanoTime());
  }

  /** The measure phase ends now, if it has not ended. */
  void endMeasure() {
    timeline = timeline.until(System.nanoTime());
  }

  /** When what is; not to be asked before the first phase. */
  Timeline timeline() {
    return timeline;
  }

  /** Whether what was due then counts as measured; nothing does before the first phase. */
  boolean measures(long ns) {
    Timeline t = timeline;
    return t != null && t.measures(ns);
  }

  /** When a caller's connection is opened; requests that are due before then are not due at all. */
  long birthNs(int caller) {
    return plan.callers().opening() == Opening.SPREAD
        ? timeline.measureStartNs() + plan.birthNs(caller)
        : timeline.startNs();
  }
}
