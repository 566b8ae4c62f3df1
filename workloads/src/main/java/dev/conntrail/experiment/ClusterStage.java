package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The stage on a Kubernetes cluster: kube-proxy makes the rules, the run finds them. */
final class ClusterStage implements Stage {
  private final HeldCluster held;
  private final FoundRules rules;
  private final Cancellation.Handle draining;

  private ClusterStage(HeldCluster held, Cancellation cancellation) {
    this.held = held;
    this.rules = new FoundRules(held);
    this.draining = cancellation.onCancel(held.load()::drain);
  }

  /**
   * Takes hold of the pods of a testbed, which is closed with the stage, or at once if that fails.
   *
   * @param mode kube-proxy's, as it was read back
   * @param look how to look at nodes; empty where that is not to be
   * @param own whether the run made the cluster, and may change its nodes
   */
  static ClusterStage open(
      KubernetesTestbed testbed,
      DataPlane mode,
      Optional<NodeLook> look,
      boolean own,
      Path folder,
      Cancellation cancellation)
      throws IOException {
    StageProcesses processes =
        StageProcesses.of(
            testbed,
            new Transport.Pods(testbed),
            () -> Echo.on(testbed, testbed.awaitPods(), folder),
            folder);
    return new ClusterStage(new HeldCluster(testbed, processes, mode, look, own), cancellation);
  }

  /** The versions of proxies' programs in its pods; none where it has no proxy. */
  Map<String, String> versions() {
    return held.processes().proxies().stream()
        .findFirst()
        .map(HeldProxy::versions)
        .orElse(Map.of());
  }

  @Override
  public List<Place> pods(Cell cell) {
    return held.echo().pods();
  }

  @Override
  public List<Place> clients() {
    return held.load().places();
  }

  @Override
  public Echo echo() {
    return held.echo();
  }

  @Override
  public Load load() {
    return held.load();
  }

  /** Here kube-proxy loads the rules, and an edit of them is refused before a run begins. */
  @Override
  public Service service(Cell cell, UnaryOperator<String> edit) throws IOException {
    held.echo().refresh(held.testbed().restore(ClusterLife.of(cell)));
    held.testbed().serve(held.endpoints(cell));
    held.echo().cure(cell.cure());
    held.load().refresh();
    for (HeldProxy proxy : held.processes().proxies()) {
      proxy.refresh();
    }
    FoundNames.await(held, cell);
    ProxiedPods proxied = new ProxiedPods(cell, held.processes().proxies());
    KubeService ofPods = held.testbed().service(cell.cure());
    Optional<ProxyFacts.Rules> found =
        rules.await(
            ofPods,
            new ServiceOnNodes.Behind(
                held.echo().pods(), held.endpoints(cell), cell.cure().sameZone()));
    KubeService ofClients = ofPods;
    if (cell.proxies() > 0) {
      ofClients = held.testbed().proxyService(cell.proxies());
      found = rules.await(ofClients, ServiceOnNodes.Behind.all(proxied.front(List.of())));
    }
    if (!cell.course().events().isEmpty()) {
      rules.forget();
    }
    return new FoundService(held, ofClients, found, cell, proxied);
  }

  @Override
  public void close() {
    draining.close();
    held.processes().close();
  }
}
