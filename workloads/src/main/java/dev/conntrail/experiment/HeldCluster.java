package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.HeldProxy;
import dev.conntrail.agent.Load;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeLook;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a stage holds of a cluster.
 *
 * @param processes held in its pods
 * @param mode kube-proxy's, as it was read back
 * @param look how to look at nodes; empty where that is not to be
 * @param own whether the run made the cluster, and may change its nodes
 */
record HeldCluster(
    KubernetesTestbed testbed,
    StageProcesses processes,
    DataPlane mode,
    Optional<NodeLook> look,
    boolean own) {
  Echo echo() {
    return processes.echo();
  }

  /**
   * The pods that are behind the Service of a cell when a repetition begins; the others run, and
   * may join.
   */
  List<Place> endpoints(Cell cell) {
    return echo().pods().subList(0, cell.pods());
  }

  Load load() {
    return processes.load();
  }

  /** Who opens connections: the clients, whose own proxies have their address, and proxies. */
  Optional<ClientTables> tables() {
    List<Place> openers =
        Stream.concat(
                load().places().stream(),
                processes.proxies().stream()
                    .map(HeldProxy::place)
                    .filter(p -> p.role() == Place.Role.PROXY))
            .toList();
    return look.map(l -> new ClientTables(l, openers));
  }

  /** The nodes of clients. */
  List<String> nodes() {
    return load().places().stream().map(Place::node).distinct().toList();
  }

  /** What these have of a Service; empty where they are not to be looked at. */
  Optional<ServiceOnNodes> onNodes(KubeService service) {
    return look.map(l -> new ServiceOnNodes(l, nodes(), service));
  }
}
