package dev.conntrail.agent;

import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.proxy.ProxyWitness;
import dev.conntrail.result.Json;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process that runs proxies in a place of a testbed; it stays for all repetitions, and each has
 * a proxy of its own.
 */
public final class HeldProxy implements AutoCloseable {
  /** A proxy may take so long to start, or to take over its pods. */
  private static final Duration LIMIT = Duration.ofSeconds(65);

  private final PlacedAgent agent;
  private final Path folder;

  /**
   * Starts the process, or takes hold of it.
   *
   * @param folder where its log goes
   */
  public HeldProxy(Place place, Transport transport, Path folder) throws IOException {
    this.folder = folder;
    this.agent = new PlacedAgent(transport, Role.PROXY, "the agent", place, folder);
  }

  /** Where it is. */
  public Place place() {
    return agent.place();
  }

  /** Takes hold of the one that took its place, where it has ended. */
  public void refresh() throws IOException {
    agent.refresh();
  }

  /**
   * Starts a proxy and waits until it listens.
   *
   * @param serving pods that are behind it from the first
   */
  public void start(ProxyPlan plan, List<Backend> serving) {
    done(new Order.StartProxy(plan, serving));
  }

  /** It serves these pods from now on, and no others; returns when it does. */
  public void serve(List<Backend> pods) {
    done(new Order.ServePods(pods));
  }

  private void done(Order order) {
    agent.remote().ask(order, Answer.Done.class, LIMIT);
  }

  /** What the proxy that runs has had of the machine; empty if it cannot say. */
  public Optional<ProcessReading> use() {
    try {
      return Optional.of(
          new ProcessReading(
              place().name(),
              0,
              agent.remote().ask(new Order.Use(), Answer.Used.class, LIMIT).use()));
    } catch (TestbedException _) {
      return Optional.empty(); // whoever asks it what it saw says so
    }
  }

  /** The versions of the programs that are there, by their words. */
  public Map<String, String> versions() {
    return agent.remote().ask(new Order.Versions(), Answer.Programs.class, LIMIT).versions();
  }

  /**
   * Drains the proxy, ends it, and asks what it saw.
   *
   * @param limit of the wait for its connections
   */
  public ProxyWitness drain(Duration limit) throws IOException {
    Answer.Files files =
        agent.remote().ask(new Order.DrainProxy(limit), Answer.Files.class, limit.plus(LIMIT));
    return files.read(
        folder, own -> Json.read(own.resolve(ProxyAgent.WITNESS), ProxyWitness.class));
  }

  /** Ends the proxy that runs, if one does, with whatever it has open. */
  public void stop() {
    if (agent.remote().alive()) {
      done(new Order.StopProxy());
    }
  }

  @Override
  public void close() {
    agent.close();
  }
}
