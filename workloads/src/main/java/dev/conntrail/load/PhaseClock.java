package dev.conntrail.load;

import dev.conntrail.load.schedule.Gap;
import dev.conntrail.load.schedule.Slice;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Phases;
import java.time.Duration;

/**
 * The phases of a run, not there until the first begins, cut short when the run is told to end; and
 * when in them requests are due.
 */
public final class PhaseClock {
  /** How much later than planned a run may come to its end. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final LoadPlan plan;
  private final Slice slice;
  private final Gap idle;
  private volatile Timeline timeline;

  /** For a plan. */
  public PhaseClock(LoadPlan plan) {
    this.plan = plan;
    this.slice =
        plan.schedule().rate() instanceof LoadModel.Open rate ? Schedules.slice(rate, plan) : null;
    this.idle = new Gap(plan.phases().warmup().toNanos(), plan.phases().idle().toNanos());
  }

  /** The first phase begins now. */
  public void begin() {
    timeline = Timeline.of(plan.phases(), System.nanoTime());
  }

  /** The measure phase ends now, if it has not ended. */
  public void endMeasure() {
    timeline = timeline.until(System.nanoTime());
  }

  /** When the run is over at the latest, so that replies still have their bin. */
  public long endsByNs() {
    Phases phases = plan.phases();
    return timeline.startNs() + phases.length().plus(phases.drain()).plus(LATE).toNanos();
  }

  /** When what is; not to be asked before the first phase. */
  public Timeline timeline() {
    return timeline;
  }

  /** Whether what was due then counts as measured; nothing does before the first phase. */
  public boolean measures(long ns) {
    Timeline t = timeline;
    return t != null && t.measures(ns);
  }

  /** 1 if what was due then counts as measured, else 0; nothing does before the first phase. */
  public int measured(long ns) {
    Timeline t = timeline;
    return t == null ? 0 : t.measured(ns);
  }

  /**
   * When the {@code k}-th request of a caller is due; not to be asked in a closed loop, nor before
   * the first phase.
   */
  public long dueNs(int caller, long k) {
    return timeline.startNs() + idle.after(slice.dueNs(caller, k));
  }

  /** When a caller's connection is opened; requests that are due before then are not due at all. */
  public long birthNs(int caller) {
    return plan.callers().opening() == Opening.SPREAD
        ? timeline.measureStartNs() + plan.birthNs(caller)
        : timeline.startNs();
  }
}
