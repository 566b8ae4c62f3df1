package dev.conntrail.testbed;

/**
 * How large a testbed is.
 *
 * @param pods that run an echo
 * @param clients client pods
 * @param nodes over which both are spread in turn
 */
public record TestbedSize(int pods, int clients, int nodes) {}
