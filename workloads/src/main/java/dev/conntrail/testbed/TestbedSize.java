package dev.conntrail.testbed;

/**
 * How large a testbed is.
 *
 * @param pods that run an echo
 * @param clients client pods
 * @param nodes over which all are spread in turn
 * @param proxies that may stand between the two
 */
public record TestbedSize(int pods, int clients, int nodes, int proxies) {
  /** One without proxies. */
  public TestbedSize(int pods, int clients, int nodes) {
    this(pods, clients, nodes, 0);
  }
}
