package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.Uninterrupted;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A privileged pod on each node that takes pods, in a namespace of its own, that can run the node's
 * programs.
 */
public final class NodeDebug implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int GONE = -1;

  private final KubernetesClient client;
  private final Settings settings;
  private final Map<String, String> pods = new HashMap<>();

  private NodeDebug(KubernetesClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** Makes the namespace and the pods, and waits for them. */
  public static NodeDebug up(KubernetesClient client, Settings settings) {
    NodeDebug debug = new NodeDebug(client, settings);
    try {
      debug.make();
      return debug;
    } catch (RuntimeException e) {
      Uninterrupted.run(debug::close);
      throw e;
    }
  }

  private void make() {
    String ns = settings.namespace();
    Api.call(
        "make the namespace " + ns,
        () ->
            client
                .resource(Manifests.namespace(settings, ns, "privileged", Owners.self()))
                .create());
    Api.call(
        "make the DaemonSet",
        () -> client.resource(Manifests.nodes(settings)).inNamespace(ns).create());
    if (!Polling.until("a pod on each node", LIMIT, LOOK, this::ready)) {
      throw new TestbedException(
          "waited "
              + LIMIT.toSeconds()
              + " s for a pod on each node that takes pods, in "
              + ns
              + "; these run: "
              + String.join(", ", running().stream().map(p -> p.getSpec().getNodeName()).toList()));
    }
    running().forEach(p -> pods.put(p.getSpec().getNodeName(), p.getMetadata().getName()));
  }

  private boolean ready() {
    DaemonSetStatus status =
        Api.call(
            "read the DaemonSet",
            () ->
                client
                    .apps()
                    .daemonSets()
                    .inNamespace(settings.namespace())
                    .withName(Manifests.NODES)
                    .get()
                    .getStatus());
    Integer wanted = status.getDesiredNumberScheduled();
    return wanted != null && wanted > 0 && running().size() == wanted;
  }

  private List<Pod> running() {
    return Api.call(
        "list pods",
        () ->
            client.pods().inNamespace(settings.namespace()).list().getItems().stream()
                .filter(p -> "Running".equals(p.getStatus().getPhase()))
                .toList());
  }

  /** Runs programs in the node's own namespaces. */
  public NodeLook look() {
    return (node, command) -> {
      List<String> full =
          new ArrayList<>(List.of("nsenter", "--target", "1", "--mount", "--net", "--"));
      full.addAll(command);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      try (ExecWatch watch =
          client
              .pods()
              .inNamespace(settings.namespace())
              .withName(pods.get(node))
              .writingOutput(out)
              .writingError(err)
              .exec(full.toArray(String[]::new))) {
        Integer code = watch.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return new Programs.Done(
            code == null ? GONE : code,
            out.toString(StandardCharsets.UTF_8),
            err.toString(StandardCharsets.UTF_8));
      } catch (ExecutionException | TimeoutException e) {
        return new Programs.Done(GONE, "", String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while looking at node " + node, e);
      }
    };
  }

  @Override
  public void close() {
    Owners.deleteNamespace(client, settings.namespace(), LIMIT);
  }
}
