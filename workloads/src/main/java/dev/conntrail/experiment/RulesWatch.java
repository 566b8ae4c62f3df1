package dev.conntrail.experiment;

import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.Looks;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Looks at the rules of a Service on nodes, again and again for as long as somebody waits for them.
 */
final class RulesWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Finds the rules on a node. */
  @FunctionalInterface
  interface Finder {
    Optional<ProxyFacts.Rules> on(String node);
  }

  /** When a look began, and what was seen. */
  private record Seen(long begunNs, Optional<ProxyFacts.Rules> rules) {}

  private final List<String> nodes;
  private final Finder finder;
  private final Map<String, Seen> last = new HashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<TestbedException> failure = Optional.empty();
  private int waiting;

  RulesWatch(List<String> nodes, Finder finder) {
    this.nodes = List.copyOf(nodes);
    this.finder = finder;
    nodes.forEach(node -> threads.submit(() -> look(node)));
  }

  private Void look(String node) throws InterruptedException {
    while (true) {
      synchronized (this) {
        while (waiting == 0) {
          wait();
        }
      }
      long begunNs = System.nanoTime();
      try {
        Seen seen = new Seen(begunNs, finder.on(node));
        synchronized (this) {
          last.put(node, seen);
          notifyAll();
        }
      } catch (TestbedException e) {
        synchronized (this) {
          failure = Optional.of(e);
          notifyAll();
        }
        return null;
      }
      Looks.pause(PAUSE, begunNs);
    }
  }

  /**
   * Waits until the rules on all nodes are so, by looks that began after this was asked.
   *
   * @param so asked of the rules of each node, of none where it has none
   */
  synchronized void await(Predicate<Optional<ProxyFacts.Rules>> so) throws InterruptedException {
    long askedNs = System.nanoTime();
    waiting++;
    notifyAll();
    try {
      while (!nodes.stream()
          .allMatch(n ->
              Optional.ofNullable(last.get(n))
                  .filter(s -> s.begunNs() - askedNs > 0 && so.test(s.rules()))
                  .isPresent())) {
        if (failure.isPresent()) {
          throw failure.get();
        }
        wait();
      }
    } finally {
      waiting--;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
