package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes that take no more pods, and whose echo pods are evicted, as {@code kubectl drain} does it;
 * they take pods again when this is closed.
 */
public final class DrainedNodes implements AutoCloseable {
  private final KubernetesClient client;
  private final Settings settings;
  private final List<String> drained = new ArrayList<>();

  DrainedNodes(KubernetesClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * Drains a node of pods; returns when the API has taken it.
   *
   * @param pods that are there
   */
  public synchronized void drain(String node, List<Place> pods) {
    drained.add(node);
    takePods(node, false);
    for (Place pod : pods) {
      Api.call(
          "evict the pod " + pod.name(),
          () -> client.pods().inNamespace(settings.namespace()).withName(pod.name()).evict());
    }
  }

  private void takePods(String node, boolean again) {
    Api.edit(
        (again ? "uncordon" : "cordon") + " the node " + node,
        () ->
            client
                .nodes()
                .withName(node)
                .edit(n ->
                    new NodeBuilder(n)
                        .editSpec()
                        .withUnschedulable(again ? null : Boolean.TRUE)
                        .endSpec()
                        .build()));
  }

  /** Whether there is one. */
  public synchronized boolean any() {
    return !drained.isEmpty();
  }

  @Override
  public synchronized void close() {
    drained.forEach(node -> takePods(node, true));
    drained.clear();
  }
}
