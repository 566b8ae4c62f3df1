package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The stage on a Kubernetes cluster: kube-proxy makes the rules, the run finds them. */
final class ClusterStage implements Stage {
  private static final Duration RULES_LIMIT = Duration.ofSeconds(60);
  private static final Duration UNSEEN_RULES = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final HeldCluster held;
  private final Cancellation.Handle draining;
  private Optional<ProxyFacts.Rules> rules = Optional.empty();
  private List<Place> programmed = List.of();

  private ClusterStage(HeldCluster held, Cancellation cancellation) {
    this.held = held;
    this.draining = cancellation.onCancel(held.load()::drain);
  }

  /**
   * Takes hold of echo and load on a testbed, which is closed with the stage, or at once if that
   * fails.
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
    Echo echo = null;
    try {
      echo = Echo.on(testbed, testbed.awaitPods(), folder);
      Load load = new Load(testbed.clients(), new Transport.Pods(testbed), folder);
      return new ClusterStage(new HeldCluster(testbed, mode, look, own, echo, load), cancellation);
    } catch (IOException | RuntimeException e) {
      boolean interrupted = Thread.interrupted();
      if (echo != null) {
        echo.close();
      }
      testbed.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
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
    held.echo().refresh(held.testbed().restore(ClusterLife.of(cell.course().events())));
    held.load().refresh();
    if (!held.echo().pods().equals(programmed)) {
      awaitRules();
      programmed = held.echo().pods();
    }
    return new FoundService(held, rules, cell);
  }

  /** Waits until every client's node has rules that name every pod. */
  private void awaitRules() {
    if (held.look().isEmpty()) {
      sleep(UNSEEN_RULES);
      return;
    }
    String service = held.serviceName();
    for (String node : held.nodes()) {
      ProxyFacts.Rules found =
          Polling.find(
                  "kube-proxy's rules",
                  RULES_LIMIT,
                  LOOK,
                  () ->
                      ProxyFacts.rules(held.look().get(), node, service, held.testbed().serviceIp())
                          .filter(this::namesAllPods))
              .orElseThrow(() ->
                  new TestbedException(
                      "waited "
                          + RULES_LIMIT.toSeconds()
                          + " s for kube-proxy on node "
                          + node
                          + " to program all pods of the Service "
                          + service));
      if (found.mode() != held.mode()) {
        throw new TestbedException(
            "node "
                + node
                + " has rules of mode "
                + found.mode().word()
                + ", but kube-proxy's ConfigMap says "
                + held.mode().word());
      }
      rules = Optional.of(found);
    }
  }

  private boolean namesAllPods(ProxyFacts.Rules found) {
    return held.echo().pods().stream().allMatch(p -> found.names(p.address()));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for kube-proxy's rules", e);
    }
  }

  @Override
  public void close() {
    draining.close();
    Stage.close(held.load(), held.echo(), held.testbed());
  }
}
