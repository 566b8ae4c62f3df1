package dev.conntrail.testbed;

/**
 * How large a testbed is.
 *
 * @param pods that run an echo
 * @param clients client pods
 * @param nodes over which all are spread in turn
 * @param proxies that may stand between the two
 * @param echoes processes that serve the pods, where they are this machine's
 */
public record TestbedSize(int pods, int clients, int nodes, int proxies, int echoes) {
  /** One without proxies, whose pods are served by one process. */
  public TestbedSize(int pods, int clients, int nodes) {
    this(pods, clients, nodes, 0, 1);
  }
}
