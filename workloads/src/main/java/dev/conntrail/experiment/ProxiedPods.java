package dev.conntrail.experiment;

import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.ProcessReading;
import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Route;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The proxy between the clients and the pods of a cell, where its route leads through one: for as
 * long as it is open.
 */
final class ProxiedPods implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final Cell cell;

  /** Where proxies run; empty where the route leads through none. */
  private final Optional<HeldProxy> held;

  /**
   * None runs yet.
   *
   * @param proxy of the stage; empty where no cell of it has a route through one
   */
  ProxiedPods(Cell cell, Optional<HeldProxy> proxy) {
    this.cell = cell;
    this.held = proxy.filter(_ -> cell.route() instanceof Route.Proxied);
  }

  /**
   * Starts it.
   *
   * @param known pods that may be behind it
   * @param endpoints those that are from the first
   */
  void begin(List<Place> known, List<Place> endpoints) {
    if (held.isPresent() && cell.route() instanceof Route.Proxied(var policy)) {
      held.get()
          .start(
              new ProxyPlan(
                  policy,
                  held.get().place().address(),
                  port(),
                  cell.protocol().multiplexes(),
                  backends(known),
                  ProxyPlan.Limits.NONE,
                  ProxyPlan.Options.NONE),
              backends(endpoints));
    }
  }

  /** It listens where pods do. */
  private int port() {
    return cell.protocol().port().ofPods();
  }

  private List<Backend> backends(List<Place> pods) {
    return pods.stream().map(p -> new Backend(p.name(), p.address(), port())).toList();
  }

  /** The Service has these endpoints now. */
  void serve(List<Place> endpoints) {
    held.ifPresent(proxy -> proxy.serve(backends(endpoints)));
  }

  /** Where it runs; empty where there is none. */
  Optional<Place> place() {
    return held.map(HeldProxy::place);
  }

  /** Who stands for pods in rules: the proxy, or they themselves. */
  List<Place> front(List<Place> pods) {
    return place().map(List::of).orElse(pods);
  }

  /** What it has had of the machine; empty where there is none. */
  Optional<ProcessReading> use() {
    return held.flatMap(HeldProxy::use);
  }

  /** Ends it and asks it what it saw; empty where there is none. */
  Optional<Stage.ProxyView> end() throws IOException {
    return held.isPresent()
        ? Optional.of(new Stage.ProxyView(held.get().place(), held.get().drain(DRAIN)))
        : Optional.empty();
  }

  @Override
  public void close() {
    held.ifPresent(HeldProxy::stop);
  }
}
