package dev.conntrail.spec;

/**
 * How ipvs chooses a real server ({@code net/netfilter/ipvs/ip_vs_<word>.c}). kube-proxy passes on
 * whatever {@code --ipvs-scheduler} names, if the kernel has it. Every endpoint has weight 1 in
 * kube-proxy, so the weighted ones choose as those without weights do.
 */
public enum IpvsScheduler implements Named {
  /** Round robin: in turn; kube-proxy's own choice. */
  RR("rr"),
  /** Weighted round robin. */
  WRR("wrr"),
  /** Least connections: active ones count 256 times an inactive one. */
  LC("lc"),
  /** Weighted least connections. */
  WLC("wlc"),
  /** Source hashing: a client's address decides. */
  SH("sh"),
  /** Destination hashing: the Service's address decides, so each Service has one pod. */
  DH("dh"),
  /** Maglev hashing of the client's address and port (kube-proxy sets the flag mh-port). */
  MH("mh"),
  /** Shortest expected delay. */
  SED("sed"),
  /** Never queue: an idle one if there is any, else as sed. */
  NQ("nq");

  private final String word;

  IpvsScheduler(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
