package dev.conntrail.experiment;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What nodes of a cluster have of a Service.
 *
 * @param look how to look at them
 * @param nodes those of the clients
 */
record ServiceOnNodes(NodeLook look, List<String> nodes, KubeService service) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(200);

  /**
   * Who is behind it.
   *
   * @param pods who may be
   * @param endpoints those of them who are
   * @param sameZone whether rules name those of the node alone, which is a zone of its own, where
   *     it has any
   */
  record Behind(List<Place> pods, List<Place> endpoints, boolean sameZone) {
    Behind {
      pods = List.copyOf(pods);
      endpoints = List.copyOf(endpoints);
    }

    /** All who may be, in any zone. */
    static Behind all(List<Place> pods) {
      return new Behind(pods, pods, false);
    }

    private List<Place> on(String node) {
      List<Place> own = endpoints.stream().filter(p -> p.node().equals(node)).toList();
      return sameZone && !own.isEmpty() ? own : endpoints;
    }

    /** Whether rules of a node name these, and none of the others who may be. */
    boolean named(ProxyFacts.Rules rules, String node) {
      List<Place> here = on(node);
      return pods.stream().allMatch(p -> rules.names(p.address()) == here.contains(p));
    }
  }

  /** Follows its rules of a mode. */
  RulesWatch watch(Supplier<DataPlane> mode) {
    return new RulesWatch(
        nodes, node -> ProxyFacts.ofMode(look, node, service.name(), service.ip(), mode.get()));
  }

  /**
   * Waits until every node has rules of it that name those who are behind it.
   *
   * @param mode kube-proxy's, as it was read back
   * @return the rules of the last node
   * @throws TestbedException if they do not come, or are of another mode
   */
  ProxyFacts.Rules await(Behind behind, DataPlane mode) {
    return nodes.stream().map(node -> await(node, behind, mode)).toList().getLast();
  }

  private ProxyFacts.Rules await(String node, Behind behind, DataPlane mode) {
    return Polling.find(
            "kube-proxy's rules",
            LIMIT,
            LOOK,
            () ->
                ProxyFacts.ofMode(look, node, service.name(), service.ip(), mode)
                    .filter(r -> behind.named(r, node)))
        .map(r -> ProxyFacts.withTool(look, node, r))
        .orElseThrow(() -> missing(node, mode));
  }

  /** What is said where rules do not come. */
  private TestbedException missing(String node, DataPlane mode) {
    return ProxyFacts.rules(look, node, service.name(), service.ip())
        .filter(r -> r.mode() != mode)
        .map(r ->
            new TestbedException(
                "node "
                    + node
                    + " has rules of mode "
                    + r.mode().word()
                    + ", but kube-proxy's ConfigMap says "
                    + mode.word()))
        .orElseGet(() ->
            new TestbedException(
                "waited "
                    + LIMIT.toSeconds()
                    + " s for kube-proxy on node "
                    + node
                    + " to program all pods of the Service "
                    + service.name()));
  }
}
