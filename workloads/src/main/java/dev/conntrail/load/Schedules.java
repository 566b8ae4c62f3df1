package dev.conntrail.load;

import dev.conntrail.load.schedule.ConstantRate;
import dev.conntrail.load.schedule.FireTimes;
import dev.conntrail.load.schedule.Paced;
import dev.conntrail.load.schedule.Poisson;
import dev.conntrail.load.schedule.Ramp;
import dev.conntrail.load.schedule.Slice;
import dev.conntrail.load.schedule.Steps;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import java.util.List;

/** The fire times that a plan asks for. */
public final class Schedules {
  private Schedules() {}

  /**
   * Those of a rate; the time of {@link Phases#idle()} is left out.
   *
   * @param seed of what comes by chance
   */
  public static FireTimes whole(LoadModel.Open rate, Arrivals arrivals, Phases phases, long seed) {
    long holdNs = phases.warmup().toNanos();
    long lengthNs = phases.measure().toNanos();
    Paced paced =
        switch (rate) {
          case LoadModel.Constant(int perSecond) -> new ConstantRate(perSecond);
          case LoadModel.Ramp(int from, int to) -> new Ramp(from, to, holdNs, lengthNs);
          case LoadModel.Steps(List<Integer> perSecond) ->
              new Steps(perSecond.stream().mapToInt(r -> r).toArray(), holdNs, lengthNs);
        };
    return switch (arrivals) {
      case REGULAR -> paced;
      case POISSON -> new Poisson(paced, seed, holdNs + lengthNs);
    };
  }

  /** The requests of a plan's client. */
  public static Slice slice(LoadModel.Open rate, LoadPlan plan) {
    LoadPlan.Schedule all = plan.schedule();
    LoadPlan.Client client = plan.client();
    return new Slice(
        whole(rate, all.arrivals(), plan.phases(), all.seed()),
        all.callers(),
        client.number(),
        client.of());
  }
}
