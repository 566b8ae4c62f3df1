package dev.conntrail.experiment;

import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.ProcessReading;
import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Jitter;
import dev.conntrail.spec.Knob;
import dev.conntrail.spec.Recycling;
import dev.conntrail.spec.Route;
import dev.conntrail.testbed.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The proxies between the clients and the pods of a cell, where its route leads through some: for
 * as long as it is open.
 */
final class ProxiedPods implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final double PCT = 100;

  private final Cell cell;

  /** Where they run; none where the route leads through none. */
  private final List<HeldProxy> held;

  /**
   * None runs yet.
   *
   * @param proxies of the stage
   */
  ProxiedPods(Cell cell, List<HeldProxy> proxies) {
    this.cell = cell;
    this.held =
        proxies.stream()
            .filter(p -> (p.place().role() == Place.Role.SIDECAR) == cell.sidecars())
            .limit(cell.sidecars() ? cell.clients() : cell.proxies())
            .toList();
  }

  /**
   * Starts them.
   *
   * @param known pods that may be behind them
   * @param endpoints those that are from the first
   */
  void begin(List<Place> known, List<Place> endpoints) {
    cell.cure()
        .proxied()
        .ifPresent(how -> held.forEach(p -> p.start(plan(how, p, known), backends(endpoints))));
  }

  private ProxyPlan plan(Route.Proxied how, HeldProxy proxy, List<Place> known) {
    return new ProxyPlan(
        how.policy(),
        proxy.place().address(),
        port(),
        cell.protocol().multiplexes(),
        backends(known),
        limits(Recycling.Side.PROXY),
        limits(Recycling.Side.PROXY_TO_PODS),
        new ProxyPlan.Options(
            how.knobs().containsKey(Knob.WORKERS), how.knobs().containsKey(Knob.OUTLIERS)));
  }

  private ProxyPlan.Limits limits(Recycling.Side side) {
    return cell.cure()
        .by(side)
        .map(r ->
            new ProxyPlan.Limits(
                r.maxRequests().orElse(0),
                r.maxAge().orElse(Duration.ZERO),
                r.jitter() == Jitter.ENVOY ? r.percent() / PCT : 0))
        .orElse(ProxyPlan.Limits.NONE);
  }

  /** They listen where pods do. */
  private int port() {
    return cell.protocol().port().ofPods();
  }

  private List<Backend> backends(List<Place> pods) {
    return pods.stream().map(p -> new Backend(p.name(), p.address(), port())).toList();
  }

  /** The Service has these endpoints now. */
  void serve(List<Place> endpoints) {
    held.forEach(proxy -> proxy.serve(backends(endpoints)));
  }

  /** Where they run. */
  List<Place> places() {
    return held.stream().map(HeldProxy::place).toList();
  }

  /** Who stands for pods in rules: proxies in places of their own, or they themselves. */
  List<Place> front(List<Place> pods) {
    return cell.proxies() > 0 ? places() : pods;
  }

  /** What they have had of the machine; none where there are none. */
  List<ProcessReading> use() {
    return held.stream().flatMap(proxy -> proxy.use().stream()).toList();
  }

  /** Ends them and asks them what they saw. */
  List<Stage.ProxyView> end() throws IOException {
    List<Stage.ProxyView> all = new ArrayList<>();
    for (HeldProxy proxy : held) {
      all.add(new Stage.ProxyView(proxy.place(), proxy.drain(DRAIN)));
    }
    return all;
  }

  @Override
  public void close() {
    held.forEach(HeldProxy::stop);
  }
}
