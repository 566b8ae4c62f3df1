package dev.conntrail.load;

import dev.conntrail.load.client.Targets;
import dev.conntrail.spec.LoadPlan;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * What a run is told while it goes on.
 *
 * @param stop counted down to drain early
 * @param start awaited between connecting and the first phase
 * @param changing what its clients know of, where that may change; empty for what the plan names
 */
public record RunSignals(CountDownLatch stop, StartSignal start, Optional<Targets> changing) {
  /** Of a run whose clients know what the plan names. */
  public RunSignals(CountDownLatch stop, StartSignal start) {
    this(stop, start, Optional.empty());
  }

  /** What the clients of a plan know of. */
  public Targets targets(LoadPlan plan) {
    return changing.orElseGet(() -> Targets.of(plan.callers()));
  }
}
