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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The proxies between the clients and the pods of a cell, where its route leads through some. */
final class ProxiedPods implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final LocalTestbed testbed;
  private final Cell cell;
  private final Path folder;
  private final Map<Place, Proxy> proxies = new LinkedHashMap<>();

  /**
   * None are there yet.
   *
   * @param folder of the run, for what they say
   */
  ProxiedPods(LocalTestbed testbed, Cell cell, Path folder) {
    this.testbed = testbed;
    this.cell = cell;
    this.folder = folder;
  }

  /** Where they are: places of their own, or those of clients. */
  List<Place> places() {
    return cell.sidecars()
        ? testbed.clients().subList(0, cell.clients()).stream().map(ProxiedPods::beside).toList()
        : testbed.proxies().subList(0, cell.proxies());
  }

  /** The place of a client's own proxy: its namespace, and its address. */
  static Place beside(Place client) {
    return new Place(
        "sidecar-of-" + client.name(),
        Place.Role.PROXY,
        client.node(),
        client.address(),
        client.netns());
  }

  /** Starts them. */
  void begin(List<Place> endpoints) {
    if (cell.route() instanceof Route.Proxied route) {
      for (Place at : places()) {
        try {
          Path log = folder.resolve(at.name() + ".log");
          proxies.put(at, Proxy.start(testbed, at, plan(route, at), names(endpoints), log));
        } catch (IOException e) {
          throw new TestbedException("cannot start a proxy: " + e.getMessage(), e);
        }
      }
    }
  }

  private ProxyPlan plan(Route.Proxied route, Place at) {
    int port = cell.protocol().port().ofPods();
    return new ProxyPlan(
        route.policy(),
        at.address(),
        port,
        cell.protocol().multiplexes(),
        testbed.pods().subList(0, cell.everPods()).stream()
            .map(p -> new Backend(p.name(), p.address(), port))
            .toList(),
        ProxyPlan.Limits.NONE,
        ProxyPlan.Options.NONE);
  }

  private static List<String> names(List<Place> pods) {
    return pods.stream().map(Place::name).toList();
  }

  /** The Service has these endpoints now. */
  void serve(List<Place> endpoints) {
    try {
      for (Proxy proxy : proxies.values()) {
        proxy.serve(names(endpoints));
      }
    } catch (IOException e) {
      throw new TestbedException("a proxy does not take its pods: " + e.getMessage(), e);
    }
  }

  /** Who stands for pods in rules: proxies in places of their own, or they themselves. */
  List<Place> front(List<Place> pods) {
    return cell.proxies() > 0 ? places() : pods;
  }

  /** What they have had of the machine; none where there are none. */
  List<ProcessReading> use() {
    List<ProcessReading> all = new ArrayList<>();
    proxies.forEach((at, proxy) ->
        proxy.use().ifPresent(use -> all.add(new ProcessReading(at.name(), 0, use))));
    return all;
  }

  /** Ends them and asks them what they saw. */
  List<Stage.ProxyView> end() throws IOException {
    List<Stage.ProxyView> all = new ArrayList<>();
    for (Map.Entry<Place, Proxy> proxy : proxies.entrySet()) {
      all.add(new Stage.ProxyView(proxy.getKey(), proxy.getValue().end(DRAIN)));
    }
    return all;
  }

  @Override
  public void close() {
    proxies.values().forEach(Proxy::close);
  }
}
