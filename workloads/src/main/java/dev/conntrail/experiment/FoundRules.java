package dev.conntrail.experiment;

import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rules of Services that were found on the nodes of a cluster, and who is behind them. */
final class FoundRules {
  private static final Duration UNSEEN = Duration.ofSeconds(5);

  private record Found(ServiceOnNodes.Behind behind, Optional<ProxyFacts.Rules> rules) {}

  private final HeldCluster held;
  private final Map<KubeService, Found> last = new HashMap<>();

  FoundRules(HeldCluster held) {
    this.held = held;
  }

  /**
   * Waits until every client's node has rules of a Service that name all who are behind it; where
   * nodes are not to be looked at, for a time. Those who were behind it the last time are known.
   *
   * @return empty where nodes are not to be looked at
   */
  Optional<ProxyFacts.Rules> await(KubeService service, ServiceOnNodes.Behind behind) {
    Found found = last.get(service);
    if (found == null || !found.behind().equals(behind)) {
      found =
          new Found(behind, held.onNodes(service).map(nodes -> nodes.await(behind, held.mode())));
      if (found.rules().isEmpty()) {
        sleep();
      }
      last.put(service, found);
    }
    return found.rules();
  }

  /** What happens next may change them, and they are found anew. */
  void forget() {
    last.clear();
  }

  private static void sleep() {
    try {
      Thread.sleep(UNSEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for kube-proxy's rules", e);
    }
  }
}
