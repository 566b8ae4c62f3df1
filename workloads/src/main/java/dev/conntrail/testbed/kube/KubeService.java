package dev.conntrail.testbed.kube;

/**
 * A Service of a cluster.
 *
 * @param name {@code namespace/name}
 * @param ip its address
 */
public record KubeService(String name, String ip) {}
