package dev.conntrail.experiment;

import dev.conntrail.agent.ProcessReading;
import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.Proxy;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Route;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The proxy between the clients and the pods of a cell, where its route leads through one. */
final class ProxiedPods implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final LocalTestbed testbed;
  private final Cell cell;
  private final Path folder;
  private Optional<Proxy> proxy = Optional.empty();

  /**
   * None is there yet.
   *
   * @param folder of the run, for what it says
   */
  ProxiedPods(LocalTestbed testbed, Cell cell, Path folder) {
    this.testbed = testbed;
    this.cell = cell;
    this.folder = folder;
  }

  /** Whether there is to be one. */
  private Optional<Route.Proxied> route() {
    return cell.route() instanceof Route.Proxied route ? Optional.of(route) : Optional.empty();
  }

  /** Starts it. */
  void begin(List<Place> endpoints) {
    route()
        .ifPresent(route -> {
          Place at = testbed.proxies().getFirst();
          int port = cell.protocol().port().ofPods();
          ProxyPlan plan =
              new ProxyPlan(
                  route.policy(),
                  at.address(),
                  port,
                  cell.protocol().multiplexes(),
                  testbed.pods().subList(0, cell.everPods()).stream()
                      .map(p -> new Backend(p.name(), p.address(), port))
                      .toList(),
                  ProxyPlan.Limits.NONE,
                  ProxyPlan.Options.NONE);
          try {
            proxy =
                Optional.of(
                    Proxy.start(
                        testbed,
                        at,
                        plan,
                        names(endpoints),
                        folder.resolve(route.policy().program().word() + ".log")));
          } catch (IOException e) {
            throw new TestbedException("cannot start a proxy: " + e.getMessage(), e);
          }
        });
  }

  private static List<String> names(List<Place> pods) {
    return pods.stream().map(Place::name).toList();
  }

  /** The Service has these endpoints now. */
  void serve(List<Place> endpoints) {
    try {
      if (proxy.isPresent()) {
        proxy.get().serve(names(endpoints));
      }
    } catch (IOException e) {
      throw new TestbedException("a proxy does not take its pods: " + e.getMessage(), e);
    }
  }

  /** Who stands for pods in rules: the proxy, or they themselves. */
  List<Place> front(List<Place> pods) {
    return route().isPresent() ? testbed.proxies() : pods;
  }

  /** What it has had of the machine; empty where there is none. */
  Optional<ProcessReading> use() {
    return proxy
        .flatMap(Proxy::use)
        .map(use -> new ProcessReading(testbed.proxies().getFirst().name(), 0, use));
  }

  /** Ends it and asks it what it saw; empty where there is none. */
  Optional<Stage.ProxyView> end() throws IOException {
    return proxy.isPresent()
        ? Optional.of(new Stage.ProxyView(testbed.proxies().getFirst(), proxy.get().end(DRAIN)))
        : Optional.empty();
  }

  @Override
  public void close() {
    proxy.ifPresent(Proxy::close);
  }
}
