package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.TestbedException;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How to reach a cluster's API. */
public final class Connection {
  private static final int TIMEOUT_MS = 10_000;

  /** What tools for local clusters call their contexts. */
  private static final Pattern TEST_CONTEXT =
      Pattern.compile(
          "kind-.*|k3d-.*|k3s.*|minikube.*|docker-desktop|rancher-desktop|orbstack|colima.*|microk8s.*|.*(^|[-_.])test($|[-_.]).*");

  private Connection() {}

  /** The cluster of a kubeconfig that was written for the run. */
  public static KubernetesClient of(Path kubeconfig) {
    return reach(config(kubeconfig, null));
  }

  /**
   * The cluster that options name.
   *
   * @throws TestbedException if it does not look like a test cluster and was not named, is not in
   *     the kubeconfig, or cannot be reached
   */
  public static KubernetesClient of(ClusterOptions options) {
    Path file = options.kubeconfig().or(Connection::usual).orElse(null);
    Config config = config(file, options.context().orElse(null));
    NamedContext current = config.getCurrentContext();
    if (current == null) {
      throw new TestbedException(
          "found no context in " + (file == null ? "the environment" : file),
          "set KUBECONFIG, or name a file with --kubeconfig");
    }
    if (options.context().isPresent() && !options.context().get().equals(current.getName())) {
      throw new TestbedException(
          file
              + " has no context "
              + options.context().get()
              + "; it has: "
              + String.join(
                  ", ", config.getContexts().stream().map(NamedContext::getName).toList()));
    }
    if (options.context().isEmpty() && !looksLikeTest(current.getName(), config.getMasterUrl())) {
      throw new TestbedException(
          "the current context "
              + current.getName()
              + " ("
              + config.getMasterUrl()
              + ") does not look like a test cluster",
          "if load may be run there, name it: --context " + current.getName());
    }
    return reach(config);
  }

  private static Optional<Path> usual() {
    List<Path> candidates =
        List.of(
            Path.of(Optional.ofNullable(System.getenv("KUBECONFIG")).orElse("").split(":", 2)[0]),
            Path.of(System.getProperty("user.home"), ".kube", "config"));
    return candidates.stream().filter(p -> !p.toString().isEmpty() && Files.exists(p)).findFirst();
  }

  static boolean looksLikeTest(String context, String url) {
    String host = URI.create(url).getHost();
    return TEST_CONTEXT.matcher(context).matches()
        || "localhost".equals(host)
        || (host != null && host.startsWith("127."));
  }

  private static Config config(Path file, String context) {
    if (file == null) {
      return Config.autoConfigure(context);
    }
    if (!Files.isReadable(file)) {
      throw new TestbedException(file + ": cannot be read", "name a kubeconfig");
    }
    try {
      Config config = Config.fromKubeconfig(context, file.toFile());
      config.setRequestTimeout(TIMEOUT_MS);
      config.setConnectionTimeout(TIMEOUT_MS);
      config.setRequestRetryBackoffLimit(1);
      return config;
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new TestbedException(file + ": not a kubeconfig: " + e.getMessage(), e);
    }
  }

  private static KubernetesClient reach(Config config) {
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    try {
      client.getKubernetesVersion();
      return client;
    } catch (KubernetesClientException e) {
      client.close();
      throw new TestbedException(
          "the cluster at " + config.getMasterUrl() + " does not answer: " + e.getMessage(),
          "start it, or see that the kubeconfig names the right one",
          e);
    }
  }
}
