package dev.conntrail.spec;

/**
 * How ipvs chooses a real server ({@code net/netfilter/ipvs/ip_vs_<word>.c}). kube-proxy passes on
 * whatever {@code --ipvs-scheduler} names, if the kernel has it. Every endpoint has weight 1 in
 * kube-proxy, so the weighted ones choose as those without weights do.
 */
public enum IpvsScheduler implements Named {
  /** Round robin: in turn; kube-proxy's own choice. */
  RR("rr", PodChoice.NODE_IN_TURN),
  /** Weighted round robin. */
  WRR("wrr", PodChoice.NODE_IN_TURN),
  /** Least connections: active ones count 256 times an inactive one. */
  LC("lc", PodChoice.LEAST_CONNECTIONS),
  /** Weighted least connections. */
  WLC("wlc", PodChoice.LEAST_CONNECTIONS),
  /** Source hashing: a client's address decides. */
  SH("sh", PodChoice.CLIENT_HASH),
  /** Destination hashing: the Service's address decides, so each Service has one pod. */
  DH("dh", PodChoice.SERVICE_HASH),
  /** Maglev hashing of the client's address and port (kube-proxy sets the flag mh-port). */
  MH("mh", PodChoice.DRAW),
  /** Shortest expected delay. */
  SED("sed", PodChoice.LEAST_ACTIVE),
  /** Never queue: an idle one if there is any, else as sed. */
  NQ("nq", PodChoice.LEAST_ACTIVE);

  private final String word;
  private final PodChoice choice;

  IpvsScheduler(String word, PodChoice choice) {
    this.word = word;
    this.choice = choice;
  }

  /** How it chooses a pod for a connection. */
  PodChoice choice() {
    return choice;
  }

  @Override
  public String word() {
    return word;
  }
}
