package dev.conntrail.load;

import dev.conntrail.spec.LoadPlan;

/** What carries out a plan: a client library, or the event loop. */
@FunctionalInterface
public interface Engine {
  /** Connects, warms up, measures, drains; what was seen. */
  LoadOutcome run(LoadPlan plan, RunSignals signals) throws InterruptedException;
}
