package dev.conntrail.experiment;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.util.List;
import java.util.function.Supplier;

/**
 * What nodes of a cluster have of a Service.
 *
 * @param look how to look at them
 * @param nodes those of the clients
 * @param name of the Service, {@code namespace/name}
 * @param ip its address
 */
record ServiceOnNodes(NodeLook look, List<String> nodes, String name, String ip) {
  /** Follows its rules of a mode. */
  RulesWatch watch(Supplier<DataPlane> mode) {
    return new RulesWatch(nodes, node -> ProxyFacts.ofMode(look, node, name, ip, mode.get()));
  }
}
