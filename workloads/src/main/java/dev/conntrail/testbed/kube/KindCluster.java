package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.Programs.Done;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.Uninterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A cluster of kind: Kubernetes nodes that are containers of Docker. */
public final class KindCluster implements AutoCloseable {
  /** All clusters that Conntrail makes are called so and by the run. */
  public static final String NAME_START = "conntrail-";

  private static final Duration CREATE_LIMIT = Duration.ofMinutes(15);
  private static final Duration LOAD_LIMIT = Duration.ofMinutes(10);
  private static final String WAIT = "600s";
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  /**
   * Closed connections stay in the nodes' tables until the cross-check has read them; of clusters
   * that the run made, and of no others. There, what a client still sends on a connection of an
   * earlier repetition, whose entry was removed, is no connection anew.
   */
  private static final Map<String, String> NODE_SYSCTLS =
      Map.of(
          "net.netfilter.nf_conntrack_tcp_loose", "0",
          "net.netfilter.nf_conntrack_tcp_timeout_time_wait", "3600",
          "net.netfilter.nf_conntrack_tcp_timeout_close", "3600");

  private final String name;
  private final Path kubeconfig;
  private final boolean keep;

  private KindCluster(String name, Path kubeconfig, boolean keep) {
    this.name = name;
    this.kubeconfig = kubeconfig;
    this.keep = keep;
  }

  /**
   * Makes a cluster and waits until its nodes are ready.
   *
   * @param name its name, {@link #NAME_START} and what names the run and mode
   * @param config kind's configuration
   * @param nodeImage empty for kind's own
   * @param folder for its kubeconfig
   * @param keep whether it stays when this is closed
   */
  public static KindCluster create(
      String name, String config, String nodeImage, Path folder, boolean keep) {
    KindRegistry.register(name, keep);
    KindCluster cluster = new KindCluster(name, folder.resolve(name + ".kubeconfig"), keep);
    List<String> command =
        new ArrayList<>(
            List.of("kind", "create", "cluster", "--name", name, "--config", "-", "--wait", WAIT));
    command.addAll(List.of("--kubeconfig", cluster.kubeconfig.toString()));
    if (!nodeImage.isEmpty()) {
      command.addAll(List.of("--image", nodeImage));
    }
    try {
      Done done = Programs.attempt(command, config, CREATE_LIMIT);
      if (done.exitCode() != 0) {
        throw new TestbedException(
            "kind cannot make the cluster " + name + ": " + errorLines(done));
      }
      for (String node : cluster.nodes()) {
        NODE_SYSCTLS.forEach((key, value) ->
            NodeLook.docker().attempt(node, List.of("sysctl", "-qw", key + "=" + value)));
      }
      return cluster;
    } catch (RuntimeException e) {
      Uninterrupted.run(cluster::delete);
      throw e;
    }
  }

  /** Takes a cluster that is there, and leaves it there. */
  public static KindCluster reuse(String name, Path folder) {
    if (!names().contains(name)) {
      throw new TestbedException(
          "kind has no cluster " + name + "; it has: " + String.join(", ", names()));
    }
    KindCluster cluster = new KindCluster(name, folder.resolve(name + ".kubeconfig"), true);
    Programs.run(
        List.of(
            "kind",
            "export",
            "kubeconfig",
            "--name",
            name,
            "--kubeconfig",
            cluster.kubeconfig.toString()),
        "",
        Programs.SHORT);
    return cluster;
  }

  /** The clusters of kind that are there. */
  static List<String> names() {
    return Programs.run(List.of("kind", "get", "clusters"), "", Programs.SHORT)
        .lines()
        .filter(l -> !l.isBlank())
        .toList();
  }

  /** Its nodes' names. */
  public List<String> nodes() {
    return Programs.run(List.of("kind", "get", "nodes", "--name", name), "", Programs.SHORT)
        .lines()
        .filter(l -> !l.isBlank())
        .sorted()
        .toList();
  }

  /** Brings an image from Docker to the nodes that run pods. */
  public void load(String image) {
    List<String> all = nodes();
    List<String> workers = all.stream().filter(n -> !n.endsWith("-control-plane")).toList();
    Done done =
        Programs.attempt(
            List.of(
                "kind",
                "load",
                "docker-image",
                image,
                "--name",
                name,
                "--nodes",
                String.join(",", workers.isEmpty() ? all : workers)),
            "",
            LOAD_LIMIT);
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "kind cannot load the image " + image + " into " + name + ": " + errorLines(done));
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** How to reach its API. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void close() {
    if (!keep) {
      delete();
    }
    drop(kubeconfig);
  }

  private void delete() {
    deleteByName(name);
  }

  static void deleteByName(String name) {
    endMakers(name);
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"), name + ".kubeconfig");
    // without --kubeconfig, kind would look into the user's own
    List<String> command =
        List.of("kind", "delete", "cluster", "--name", name, "--kubeconfig", scratch.toString());
    try {
      Programs.run(command, "", CREATE_LIMIT);
    } catch (TestbedException _) {
      // Docker gives up on a container that does not end within ten seconds of its kill
      Programs.run(command, "", CREATE_LIMIT);
    }
    drop(scratch);
    KindRegistry.forget(name);
  }

  /** Of a run that was killed while kind made its cluster, kind goes on: it would make it anew. */
  static void endMakers(String name) {
    ProcessHandle.allProcesses()
        .filter(p ->
            p.info()
                .arguments()
                .map(List::of)
                .filter(a -> a.containsAll(List.of("create", "cluster", name)))
                .isPresent())
        .forEach(maker -> {
          List<ProcessHandle> all = Stream.concat(maker.descendants(), Stream.of(maker)).toList();
          if (!Programs.kill(all, END_LIMIT)) {
            throw new TestbedException(
                "process " + maker.pid() + " makes the cluster " + name + ", and does not end");
          }
        });
  }

  private static void drop(Path kubeconfig) {
    try {
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String errorLines(Done done) {
    List<String> lines =
        (done.err() + "\n" + done.out())
            .lines()
            .map(String::strip)
            .filter(l -> l.toLowerCase(Locale.ROOT).contains("error"))
            .limit(3)
            .toList();
    return lines.isEmpty() ? KindRequirements.firstLine(done) : String.join("; ", lines);
  }
}
