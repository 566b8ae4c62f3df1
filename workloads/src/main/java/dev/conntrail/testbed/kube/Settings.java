package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.TestbedSize;

/**
 * What is to be made in a cluster.
 *
 * @param run names everything
 * @param namespace where; made by the run unless it is there
 * @param image the image with this program
 * @param size echo pods, load pods, proxy pods, whether each load pod is to have a proxy beside it,
 *     and whether echo pods are to have a name in the cluster's DNS; nodes are the cluster's
 * @param disposable whether the cluster is deleted after the run, so that there is no need to wait
 *     until all is gone
 */
public record Settings(
    String run, String namespace, String image, TestbedSize size, boolean disposable) {
  /** The label that all that is made carries. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Its value. */
  public static final String CONNTRAIL = "conntrail";

  /** The label with the run. */
  public static final String RUN = "conntrail.dev/run";

  /** Kubernetes' own label of an EndpointSlice, with the Service that it belongs to. */
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** The label with what an object is for: echo, load or proxy. */
  public static final String ROLE = "conntrail.dev/role";

  /** The annotation with the process that made a namespace, as {@code host pid start}. */
  public static final String OWNER = "conntrail.dev/owner";
}
