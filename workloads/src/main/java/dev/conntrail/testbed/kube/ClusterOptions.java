package dev.conntrail.testbed.kube;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How testbeds {@code kind} and {@code cluster} are to be had.
 *
 * @param image the image with this program
 * @param nodeImage the node image of kind; empty for kind's own
 * @param kindConfig kind's configuration; empty for the bundled one
 * @param keep whether clusters that the run makes stay
 * @param reuse a cluster of kind that is there, taken instead of making one
 * @param kubeconfig for testbed cluster; empty for KUBECONFIG or the user's own
 * @param context for testbed cluster; empty for the current one, which must look like a test
 *     cluster
 * @param namespace for testbed cluster; empty for one of the run's own
 * @param nodeDebug whether testbed cluster may run a privileged pod on each node, to read its
 *     kernel's tables
 */
public record ClusterOptions(
    String image,
    String nodeImage,
    Optional<Path> kindConfig,
    boolean keep,
    Optional<String> reuse,
    Optional<Path> kubeconfig,
    Optional<String> context,
    Optional<String> namespace,
    boolean nodeDebug) {
  /** The image that {@code scripts/image.sh} makes. */
  public static final String DEFAULT_IMAGE = "conntrail:latest";

  /** What is taken when nothing is said. */
  public static final ClusterOptions DEFAULT =
      new ClusterOptions(
          DEFAULT_IMAGE,
          "",
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);
}
