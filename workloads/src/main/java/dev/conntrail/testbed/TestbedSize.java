package dev.conntrail.testbed;

/**
 * How large a testbed is.
 *
 * @param pods that run an echo
 * @param clients client pods
 * @param nodes over which all are spread in turn
 * @param proxies that may stand between the two
 * @param sidecars whether each client is to have a proxy of its own
 * @param names whether there is to be a DNS server, which clients ask and no other
 * @param echoes processes that serve the pods, where they are this machine's
 */
public record TestbedSize(
    int pods, int clients, int nodes, int proxies, boolean sidecars, boolean names, int echoes) {
  /** One without proxies and names, whose pods are served by one process. */
  public TestbedSize(int pods, int clients, int nodes) {
    this(pods, clients, nodes, 0, false, false, 1);
  }
}
