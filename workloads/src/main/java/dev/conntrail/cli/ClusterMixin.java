package dev.conntrail.cli;

import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of commands that may work on a cluster. */
final class ClusterMixin {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--testbed",
      paramLabel = "WORD",
      completionCandidates = Words.Testbeds.class,
      description =
          "auto, netns, uml, loopback, kind or cluster, whatever the experiment's file says (default: what it says).")
  private String testbed;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description =
          "kind, cluster: the image that scripts/image.sh made or pushed (default: CONNTRAIL_IMAGE, else "
              + ClusterOptions.DEFAULT_IMAGE
              + ").")
  private String image;

  @Option(
      names = "--node-image",
      paramLabel = "IMAGE",
      description = "kind: the node image (default: CONNTRAIL_NODE_IMAGE, else kind's own).")
  private String nodeImage;

  @Option(
      names = "--kind-config",
      paramLabel = "FILE",
      description =
          "kind: the cluster's configuration, of which only kubeProxyMode is changed (default: the bundled kind-config.yaml).")
  private Path kindConfig;

  @Option(names = "--keep", description = "kind: leave the clusters that the run makes.")
  private boolean keep;

  @Option(
      names = "--reuse",
      paramLabel = "NAME",
      description = "kind: take this cluster, in the mode it has, and leave it there.")
  private String reuse;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "cluster: the kubeconfig (default: KUBECONFIG, else ~/.kube/config).")
  private Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "cluster: the context; has to be named where it does not look like a test cluster (default: the current one).")
  private String context;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "cluster: where to put pods (default: a namespace of the run's own).")
  private String namespace;

  @Option(
      names = "--node-debug",
      description =
          "cluster: run a privileged pod on each node, to read its connection table and rules.")
  private boolean nodeDebug;

  /** The testbed that was asked for. */
  Optional<TestbedKind> testbed() {
    return Optional.ofNullable(testbed)
        .map(word ->
            Named.find(TestbedKind.class, word)
                .orElseThrow(() ->
                    new ParameterException(
                        spec.commandLine(),
                        "--testbed: found '"
                            + word
                            + "'; allowed: "
                            + String.join(", ", Named.words(TestbedKind.class)))));
  }

  /**
   * Refuses options of a testbed that it is not, for who names a cluster means it.
   *
   * @param taken where the experiment runs
   */
  void check(TestbedKind taken) {
    refuse(taken, TestbedKind.KIND, "--node-image", nodeImage != null);
    refuse(taken, TestbedKind.KIND, "--kind-config", kindConfig != null);
    refuse(taken, TestbedKind.KIND, "--keep", keep);
    refuse(taken, TestbedKind.KIND, "--reuse", reuse != null);
    refuse(taken, TestbedKind.CLUSTER, "--kubeconfig", kubeconfig != null);
    refuse(taken, TestbedKind.CLUSTER, "--context", context != null);
    refuse(taken, TestbedKind.CLUSTER, "--namespace", namespace != null);
    refuse(taken, TestbedKind.CLUSTER, "--node-debug", nodeDebug);
  }

  private void refuse(TestbedKind taken, TestbedKind of, String option, boolean given) {
    if (given && taken != of) {
      throw new ParameterException(
          spec.commandLine(),
          option
              + ": found on testbed "
              + taken.word()
              + "; allowed: only on testbed "
              + of.word()
              + ", by --testbed "
              + of.word());
    }
  }

  /** How clusters are to be had. */
  ClusterOptions options() {
    return new ClusterOptions(
        first(image, "CONNTRAIL_IMAGE").orElse(ClusterOptions.DEFAULT_IMAGE),
        first(nodeImage, "CONNTRAIL_NODE_IMAGE").orElse(""),
        Optional.ofNullable(kindConfig),
        keep,
        Optional.ofNullable(reuse),
        Optional.ofNullable(kubeconfig),
        Optional.ofNullable(context),
        Optional.ofNullable(namespace),
        nodeDebug);
  }

  private static Optional<String> first(String option, String variable) {
    return Optional.ofNullable(option)
        .or(() -> Optional.ofNullable(System.getenv(variable)).filter(v -> !v.isEmpty()));
  }
}
