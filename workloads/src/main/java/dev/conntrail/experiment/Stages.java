package dev.conntrail.experiment;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Opens stages, one after the other; on clusters it keeps the cluster from one to the next. */
interface Stages extends AutoCloseable {
  /**
   * Opens one.
   *
   * @param mode the kube-proxy mode of a cluster; of no meaning where the run loads rules itself
   */
  Stage open(DataPlane mode, TestbedSize size) throws IOException;

  /** The one mode that there is; empty where any can be had. */
  default Optional<DataPlane> onlyMode() {
    return Optional.empty();
  }

  /** What was learned of the machines and programs so far, for {@code environment.json}. */
  default Map<String, String> facts() {
    return Map.of();
  }

  @Override
  default void close() {}
}
