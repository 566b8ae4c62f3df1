package dev.conntrail.dataplane;

import dev.conntrail.spec.KubeProxy;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Optional;

/**
 * What kube-proxy is told, and what it finds on its node.
 *
 * @param version whose rules
 * @param node the node's name (decides which endpoints are local)
 * @param zone the node's zone label; empty if it has none
 * @param nodeIps the node's own addresses; the first of a family is where NodePorts listen in
 *     nftables mode
 * @param clusterCidr the pod network ({@code --cluster-cidr}); without it nothing is taken for pod
 *     traffic
 * @param serviceCidrs the ServiceCIDRs of the cluster (nftables mode drops what is sent to unused
 *     addresses)
 * @param masqueradeAll {@code --masquerade-all}
 * @param nfacct whether the kernel has kube-proxy's two nfacct counters: iptables-restore refuses
 *     rules that name a counter which does not exist, so kube-proxy leaves them out then
 */
public record ProxyConfig(
    KubeProxy version,
    String node,
    String zone,
    List<String> nodeIps,
    Optional<Cidr> clusterCidr,
    List<Cidr> serviceCidrs,
    boolean masqueradeAll,
    boolean nfacct) {

  /** The mark of packets to be masqueraded: bit 14, kube-proxy's default. */
  public static final String MASQUERADE_MARK = "0x00004000";

  public ProxyConfig {
    nodeIps = List.copyOf(nodeIps);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /** What kube-proxy would be told on a node of a testbed of this machine. */
  public static ProxyConfig on(Place node, KubeProxy version) {
    return new ProxyConfig(
        version,
        node.name(),
        "",
        List.of(node.address()),
        Cidr.parse(NetnsTestbed.POD_CIDR),
        Cidr.parse(NetnsTestbed.SERVICE_CIDR).stream().toList(),
        false,
        true);
  }

  /** The same with or without the counters. */
  ProxyConfig withNfacct(boolean has) {
    return new ProxyConfig(
        version, node, zone, nodeIps, clusterCidr, serviceCidrs, masqueradeAll, nfacct && has);
  }

  /** Whether an endpoint is on this node. */
  boolean isHere(Endpoint endpoint) {
    return !node.isEmpty() && endpoint.node().equals(node);
  }

  Optional<String> nodeIp(IpFamily family) {
    return nodeIps.stream().filter(ip -> IpFamily.of(ip) == family).findFirst();
  }

  Optional<Cidr> clusterCidr(IpFamily family) {
    return clusterCidr.filter(c -> c.family() == family);
  }

  boolean allowsNode(Cidr range) {
    return nodeIps.stream().anyMatch(ip -> Cidr.address(ip).filter(range::contains).isPresent());
  }
}
