package dev.conntrail.spec;

/** What a cell may take of a testbed, and not every testbed has. */
public enum Ability {
  /** Rules that spread the connections of a Service. */
  SERVICE("direct there, for loopback has no rules; or testbed: netns"),
  /** Nodes, and their rules, that the run makes itself. */
  OWN_NODES("testbed: netns, uml or auto, where the run makes nodes and rules"),
  /** Nodes that the run has made, whoever makes their rules, and so may touch. */
  MADE_NODES("testbed: kind, netns, uml or auto, where the nodes are the run's own"),
  /** Real servers of ipvs that are forgotten while they have connections. */
  FORGOTTEN_ENDPOINTS(
      "remove-endpoints there, for kube-proxy keeps a real server that has connections; or testbed:"
          + " netns, uml or auto"),
  /** Endpoints that join or leave beside pods that come or go. */
  ENDPOINTS_BESIDE_PODS(
      "add-endpoints and remove-endpoints in cells of their own there, for what a Deployment makes"
          + " is an endpoint at once; or testbed: netns, uml or auto"),
  /** Rules that follow when the experiment says so. */
  TIMED_RULES("no rules-after there, for kube-proxy itself says when; or testbed: netns or uml"),
  /** Pods that come and go in several ways within one cell. */
  SEVERAL_LIVES(
      "the same ready-after, pre-stop, grace and on-term in all events of a cell there, for a"
          + " Deployment has one template"),
  /** A choice of the iptables backend. */
  BACKENDS("none there: kube-proxy chooses, and the run records which"),
  /** A kernel that is the run's own. */
  OWN_KERNEL("testbed: uml, for the number is the whole kernel's"),
  /** Rules of iptables, from whichever backend there is. */
  IPTABLES(Ability.KERNEL),
  /** Rules of nf_tables: of nftables, and of iptables-nft. */
  NFTABLES(Ability.KERNEL),
  /** Rules of iptables-legacy. */
  IPTABLES_LEGACY(Ability.KERNEL),
  /** HAProxy, in a place of its own between clients and pods. */
  HAPROXY(Ability.STARTED),
  /** Envoy, likewise. */
  ENVOY(Ability.STARTED),
  /** Several proxies behind a Service of their own, or one beside each client. */
  PROXIES("testbed: netns, kind or cluster, where the run places them; or one proxy"),
  /** A DNS server that knows the Service's endpoints, and that clients ask. */
  DNS("testbed: netns, kind or cluster, which have one; or learning=watch"),
  /** ip_vs. */
  IPVS(Ability.KERNEL);

  private static final String KERNEL = "a testbed whose kernel has it";
  private static final String STARTED =
      "testbed: netns, auto, kind or cluster, where the run starts one";

  private final String allowed;

  Ability(String allowed) {
    this.allowed = allowed;
  }

  /** What is allowed where it lacks. */
  String allowed() {
    return allowed;
  }
}
