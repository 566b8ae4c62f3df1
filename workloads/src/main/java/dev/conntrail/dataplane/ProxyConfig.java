package dev.conntrail.dataplane;

import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Optional;

/**
 * What kube-proxy is told, and what it finds on its node, for one IP family: on a dual-stack node
 * it has a proxier for each. Addresses and prefixes of the other family are left out.
 *
 * @param version whose rules
 * @param family of the rules
 * @param node the node's name (decides which endpoints are local)
 * @param zone the node's zone label; empty if it has none
 * @param nodeIps the node's own addresses; the first is where NodePorts listen in nftables mode
 * @param clusterCidrs the pod networks ({@code --cluster-cidr}), of which a family has one; without
 *     it nothing is taken for pod traffic
 * @param serviceCidrs the ServiceCIDRs of the cluster (nftables mode drops what is sent to unused
 *     addresses)
 * @param masqueradeAll {@code --masquerade-all}
 * @param nfacct whether the kernel has kube-proxy's two nfacct counters: iptables-restore refuses
 *     rules that name a counter which does not exist, so kube-proxy leaves them out then
 */
public record ProxyConfig(
    KubeProxy version,
    IpFamily family,
    String node,
    String zone,
    List<String> nodeIps,
    List<Cidr> clusterCidrs,
    List<Cidr> serviceCidrs,
    boolean masqueradeAll,
    boolean nfacct) {

  /** The mark of packets to be masqueraded: bit 14, kube-proxy's default. */
  public static final String MASQUERADE_MARK = "0x00004000";

  public ProxyConfig {
    nodeIps = nodeIps.stream().filter(ip -> IpFamily.of(ip) == family).toList();
    clusterCidrs = clusterCidrs.stream().filter(c -> c.family() == family).toList();
    serviceCidrs = serviceCidrs.stream().filter(c -> c.family() == family).toList();
  }

  /**
   * What kube-proxy would be told on a node of a testbed of this machine, where each node is a zone
   * of its own.
   */
  public static ProxyConfig on(Place node, KubeProxy version) {
    return new ProxyConfig(
        version,
        IpFamily.IPV4,
        node.name(),
        node.name(),
        List.of(node.address()),
        Cidr.parse(NetnsTestbed.POD_CIDR).stream().toList(),
        Cidr.parse(NetnsTestbed.SERVICE_CIDR).stream().toList(),
        false,
        true);
  }

  /** The same with or without the counters. */
  ProxyConfig withNfacct(boolean has) {
    return new ProxyConfig(
        version,
        family,
        node,
        zone,
        nodeIps,
        clusterCidrs,
        serviceCidrs,
        masqueradeAll,
        nfacct && has);
  }

  /** Whether an endpoint is on this node. */
  boolean isHere(Endpoint endpoint) {
    return !node.isEmpty() && endpoint.node().equals(node);
  }

  Optional<String> nodeIp() {
    return nodeIps.stream().findFirst();
  }

  Optional<Cidr> clusterCidr() {
    return clusterCidrs.stream().findFirst();
  }

  /** Whether a source range has the node's primary address ({@code cidr.Contains(nodeIP)}). */
  boolean allowsNode(Cidr range) {
    return nodeIp().flatMap(Cidr::address).filter(range::contains).isPresent();
  }
}
