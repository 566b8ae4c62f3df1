package dev.conntrail.dataplane;

/**
 * The ipsets of ipvs mode, their types and the comments of their rules ({@code ipsetInfo}, {@code
 * pkg/proxy/ipvs/proxier.go}).
 */
enum IpSet {
  LOOP_BACK(
      "KUBE-LOOP-BACK",
      "hash:ip,port,ip",
      "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
  CLUSTER_IP(
      "KUBE-CLUSTER-IP",
      "hash:ip,port",
      "Kubernetes service cluster ip + port for masquerade purpose"),
  EXTERNAL_IP(
      "KUBE-EXTERNAL-IP",
      "hash:ip,port",
      "Kubernetes service external ip + port for masquerade and filter purpose"),
  EXTERNAL_IP_LOCAL(
      "KUBE-EXTERNAL-IP-LOCAL",
      "hash:ip,port",
      "Kubernetes service external ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER("KUBE-LOAD-BALANCER", "hash:ip,port", "Kubernetes service lb portal"),
  LOAD_BALANCER_LOCAL(
      "KUBE-LOAD-BALANCER-LOCAL",
      "hash:ip,port",
      "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER_FW(
      "KUBE-LOAD-BALANCER-FW",
      "hash:ip,port",
      "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
  LOAD_BALANCER_SOURCE_IP(
      "KUBE-LOAD-BALANCER-SOURCE-IP",
      "hash:ip,port,ip",
      "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
  LOAD_BALANCER_SOURCE_CIDR(
      "KUBE-LOAD-BALANCER-SOURCE-CIDR",
      "hash:ip,port,net",
      "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
  NODE_PORT_TCP(
      "KUBE-NODE-PORT-TCP", "bitmap:port", "Kubernetes nodeport TCP port for masquerade purpose"),
  NODE_PORT_LOCAL_TCP(
      "KUBE-NODE-PORT-LOCAL-TCP",
      "bitmap:port",
      "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
  NODE_PORT_UDP(
      "KUBE-NODE-PORT-UDP", "bitmap:port", "Kubernetes nodeport UDP port for masquerade purpose"),
  NODE_PORT_LOCAL_UDP(
      "KUBE-NODE-PORT-LOCAL-UDP",
      "bitmap:port",
      "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
  NODE_PORT_SCTP(
      "KUBE-NODE-PORT-SCTP-HASH",
      "hash:ip,port",
      "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
  NODE_PORT_LOCAL_SCTP(
      "KUBE-NODE-PORT-LOCAL-SCTP-HASH",
      "hash:ip,port",
      "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
  HEALTH_CHECK_NODE_PORT(
      "KUBE-HEALTH-CHECK-NODE-PORT", "bitmap:port", "Kubernetes health check node port"),
  IPVS_IPS("KUBE-IPVS-IPS", "hash:ip", "");

  private static final String PREFIX = "KUBE-";

  /** The longest name that ipset takes. */
  private static final int LONGEST_NAME = 31;

  private final String set;
  private final String type;
  private final String comment;

  IpSet(String set, String type, String comment) {
    this.set = set;
    this.type = type;
    this.comment = comment;
  }

  /** Its name: both families are in one kernel, so IPv6's has a prefix, and is cut. */
  String name(IpFamily family) {
    if (family == IpFamily.IPV4) {
      return set;
    }
    String name = PREFIX + "6-" + set.substring(PREFIX.length());
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  /** The line that makes the set. */
  String create(IpFamily family) {
    return "create "
        + name(family)
        + " "
        + type
        + (type.equals("bitmap:port")
            ? " range 0-65535"
            : " family " + family.ipset + " hashsize 1024 maxelem 65536");
  }

  /** The match of a rule that asks the set. */
  String match(IpFamily family, String direction) {
    return "-m comment --comment \"" + comment + "\" " + bareMatch(family, direction);
  }

  /** The same without its comment. */
  String bareMatch(IpFamily family, String direction) {
    return "-m set --match-set " + name(family) + " " + direction + " ";
  }
}
