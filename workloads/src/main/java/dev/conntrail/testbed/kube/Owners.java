package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who made a namespace of a cluster; so that a later run deletes what a killed one left. */
public final class Owners {
  private static final Duration LOOK = Duration.ofMillis(200);

  private Owners() {}

  /** This process, as the annotation names it. */
  static String self() {
    long pid = ProcessHandle.current().pid();
    return host() + " " + pid + " " + TestbedRegistry.startOf(pid).orElse("");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "unknown";
    }
  }

  /** Whether an owner was on this host and is no more. */
  private static boolean dead(String owner) {
    String[] parts = owner.split(" ", 3);
    if (parts.length != 3 || !parts[0].equals(host())) {
      return false;
    }
    try {
      return TestbedRegistry.startOf(Long.parseLong(parts[1])).filter(parts[2]::equals).isEmpty();
    } catch (NumberFormatException _) {
      return false;
    }
  }

  /** Deletes the namespaces of runs of this host that were killed; a line for each. */
  public static List<String> clearKilled(KubernetesClient client) {
    List<String> lines = new ArrayList<>();
    List<Namespace> all =
        Api.call(
            "list namespaces",
            () ->
                client
                    .namespaces()
                    .withLabel(Settings.MANAGED_BY, Settings.CONNTRAIL)
                    .list()
                    .getItems());
    for (Namespace ns : all) {
      String owner =
          Optional.ofNullable(ns.getMetadata().getAnnotations())
              .map(a -> a.getOrDefault(Settings.OWNER, ""))
              .orElse("");
      if (dead(owner)) {
        deleteNamespace(client, ns.getMetadata().getName(), Duration.ofMinutes(2));
        lines.add(
            "deleted the namespace "
                + ns.getMetadata().getName()
                + ", left by a run that was killed");
      }
    }
    return lines;
  }

  /** Deletes a namespace and does not wait. */
  static void beginDeletion(KubernetesClient client, String name) {
    Api.call(
        "delete pods of " + name,
        () -> client.pods().inNamespace(name).withGracePeriod(0).delete());
    Api.call("delete the namespace " + name, () -> client.namespaces().withName(name).delete());
  }

  /** Deletes a namespace and waits until it is gone. */
  static void deleteNamespace(KubernetesClient client, String name, Duration limit) {
    beginDeletion(client, name);
    if (!Polling.until(
        "the end of the namespace " + name,
        limit,
        LOOK,
        () ->
            Api.call("read the namespace " + name, () -> client.namespaces().withName(name).get())
                == null)) {
      throw new TestbedException(
          "the namespace " + name + " is not gone after " + limit.toSeconds() + " s");
    }
  }
}
