package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeLook;
import java.util.List;
import java.util.Optional;

/**
 * What a stage holds of a cluster.
 *
 * @param mode kube-proxy's, as it was read back
 * @param look how to look at nodes; empty where that is not to be
 * @param own whether the run made the cluster, and may change its nodes
 */
record HeldCluster(
    KubernetesTestbed testbed,
    DataPlane mode,
    Optional<NodeLook> look,
    boolean own,
    Echo echo,
    Load load) {
  Optional<ClientTables> tables() {
    return look.map(l -> new ClientTables(l, load.places()));
  }

  /** The nodes of clients. */
  List<String> nodes() {
    return load.places().stream().map(Place::node).distinct().toList();
  }

  String serviceName() {
    return testbed.namespace() + "/echo";
  }

  Optional<ServiceOnNodes> onNodes() {
    return look.map(l -> new ServiceOnNodes(l, nodes(), serviceName(), testbed.serviceIp()));
  }
}
