package dev.conntrail.load.client;

import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Route;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How the callers of a plan pick where to go. */
public final class Picks {
  private final Targets targets;
  private final Optional<Route.Balanced> balanced;
  private final RandomGenerator random;
  private final Optional<Pick> shared;

  /** Those of a plan. */
  public Picks(LoadPlan.Callers callers, Targets targets, RandomGenerator random) {
    this.targets = targets;
    this.random = random;
    this.balanced = callers.cure().balanced();
    boolean together = callers.pooling() == Pooling.SHARED || callers.protocol().chosenTogether();
    this.shared = together ? balanced.map(this::balancer) : Optional.empty();
  }

  private Pick balancer(Route.Balanced how) {
    return new Balancer(how, targets, random);
  }

  /** That of a caller: its balancer, or the address that is its turn, for life. */
  public Pick of(int caller) {
    if (balanced.isPresent()) {
      return shared.orElseGet(() -> balancer(balanced.get()));
    }
    List<InetSocketAddress> all = targets.now();
    return Pick.only(all.get(caller % all.size()));
  }
}
