package dev.conntrail.dataplane;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which endpoints a node uses ({@code CategorizeEndpoints}, {@code pkg/proxy/topology.go}, the same
 * in 1.34 and 1.37): ready ones; if there is none, those that serve while terminating, decided
 * separately for the Cluster and the Local list; by topology hints when every ready endpoint has
 * one and one is for this node, else for this zone.
 *
 * @param cluster for traffic policy Cluster
 * @param local for traffic policy Local
 * @param reachable both together
 * @param any whether any node could serve
 */
record EndpointChoice(
    List<Endpoint> cluster, List<Endpoint> local, List<Endpoint> reachable, boolean any) {

  static EndpointChoice of(ServicePort service, ProxyConfig config) {
    List<Endpoint> all = service.endpoints();
    List<Endpoint> cluster = List.of();
    Predicate<Endpoint> near = e -> true;
    boolean topology = false;
    boolean any = false;
    if (service.usesClusterEndpoints()) {
      Predicate<Endpoint> byHints = byHints(all, config);
      topology = byHints != null;
      near = topology ? byHints : near;
      cluster = filter(all, near.and(Endpoint::ready));
      if (cluster.isEmpty()) {
        cluster = filter(all, Endpoint::draining);
      }
      any = !cluster.isEmpty();
    }
    if (!service.usesLocalEndpoints()) {
      return new EndpointChoice(cluster, List.of(), cluster, any);
    }
    any |= all.stream().anyMatch(e -> e.ready() || e.draining());
    Predicate<Endpoint> here = config::isHere;
    List<Endpoint> local = filter(all, here.and(Endpoint::ready));
    boolean localDrains = local.isEmpty();
    if (localDrains) {
      local = filter(all, here.and(e -> !e.ready()).and(Endpoint::draining));
      localDrains = !local.isEmpty();
    }
    if (!service.usesClusterEndpoints()) {
      return new EndpointChoice(List.of(), local, local, any);
    }
    if (!topology && !localDrains) {
      return new EndpointChoice(cluster, local, cluster, any);
    }
    Map<String, Endpoint> union = new LinkedHashMap<>();
    cluster.forEach(e -> union.put(e.text(), e));
    local.forEach(e -> union.put(e.text(), e));
    return new EndpointChoice(cluster, local, List.copyOf(union.values()), any);
  }

  /** Whether traffic to the cluster IP finds an endpoint ({@code hasInternalEndpoints}). */
  boolean serveInternal(ServicePort service) {
    return any && !(service.internalLocal() && local.isEmpty());
  }

  /** Whether traffic from outside finds an endpoint ({@code hasExternalEndpoints}). */
  boolean serveExternal(ServicePort service) {
    return any && !(service.externalLocal() && local.isEmpty());
  }

  /** Whether rules lead to the Cluster list ({@code usesClusterPolicyChain}). */
  boolean useCluster(ServicePort service) {
    return !cluster.isEmpty() && service.usesClusterEndpoints();
  }

  /** Whether rules lead to the Local list ({@code usesLocalPolicyChain}). */
  boolean useLocal(ServicePort service) {
    return !local.isEmpty() && service.usesLocalEndpoints();
  }

  /** The hints' filter, or null when hints are not to be used. */
  private static Predicate<Endpoint> byHints(List<Endpoint> all, ProxyConfig config) {
    List<Endpoint> ready = filter(all, Endpoint::ready);
    if (all.isEmpty()) {
      return null;
    }
    Predicate<Endpoint> sameNode = e -> e.nodeHints().contains(config.node());
    if (ready.stream().noneMatch(e -> e.nodeHints().isEmpty())
        && ready.stream().anyMatch(sameNode)) {
      return sameNode;
    }
    Predicate<Endpoint> sameZone = e -> e.zoneHints().contains(config.zone());
    if (ready.stream().noneMatch(e -> e.zoneHints().isEmpty())
        && ready.stream().anyMatch(sameZone)) {
      return sameZone;
    }
    return null;
  }

  private static List<Endpoint> filter(List<Endpoint> all, Predicate<Endpoint> keep) {
    return all.stream().filter(keep).toList();
  }
}
