package dev.conntrail.experiment;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.LoopbackTestbed;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Opens stages, one after the other; on clusters it keeps the cluster from one to the next. */
interface StageOpener extends AutoCloseable {
  /**
   * That of a testbed.
   *
   * @param logs where load and echo write what goes wrong
   * @param events told of what happens on a cluster meanwhile: a word, and more of it
   */
  static StageOpener on(
      TestbedKind testbed,
      RunOptions options,
      Path logs,
      Cancellation cancellation,
      Progress progress,
      BiConsumer<String, String> events) {
    if (testbed.kubernetes()) {
      return new ClusterOpener(
          testbed, options.cluster(), options.run(), logs, cancellation, progress, events);
    }
    return (_, size) ->
        LocalStage.open(
            testbed == TestbedKind.LOOPBACK
                ? new LoopbackTestbed(size)
                : NetnsTestbed.up(options.run(), size, false),
            new LocalStage.Backends(size.echoes(), options.echoDelay()),
            logs,
            cancellation);
  }

  /**
   * Opens one.
   *
   * @param mode the kube-proxy mode of a cluster; of no meaning where the run loads rules itself
   */
  Stage open(DataPlane mode, TestbedSize size) throws IOException;

  /** Whose rules the cluster has that was opened last; empty where the run loads them itself. */
  default Optional<KubeProxy> kubeProxy() {
    return Optional.empty();
  }

  /** What was learned of the machines and programs so far, for {@code environment.json}. */
  default Map<String, String> facts() {
    return Map.of();
  }

  @Override
  default void close() {}
}
