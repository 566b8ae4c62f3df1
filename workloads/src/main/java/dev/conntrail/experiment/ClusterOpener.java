package dev.conntrail.experiment;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.kube.ClusterOptions;
import dev.conntrail.testbed.kube.Connection;
import dev.conntrail.testbed.kube.KindCluster;
import dev.conntrail.testbed.kube.KindConfig;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeDebug;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.Owners;
import dev.conntrail.testbed.kube.ProxyFacts;
import dev.conntrail.testbed.kube.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Opens stages on Kubernetes: a cluster of kind for each mode, or the one cluster there is. */
final class ClusterOpener implements StageOpener {
  private final TestbedKind kind;
  private final ClusterOptions options;
  private final String run;
  private final Path logs;
  private final Cancellation cancellation;
  private final Progress progress;
  private final BiConsumer<String, String> events;
  private final Map<String, String> facts = new TreeMap<>();

  private KindCluster cluster;
  private KubernetesClient client;
  private ProxyFacts proxy;
  private NodeDebug nodeDebug;
  private int stages;

  ClusterOpener(
      TestbedKind kind,
      ClusterOptions options,
      String run,
      Path logs,
      Cancellation cancellation,
      Progress progress,
      BiConsumer<String, String> events) {
    this.kind = kind;
    this.options = options;
    this.run = run;
    this.logs = logs;
    this.cancellation = cancellation;
    this.progress = progress;
    this.events = events;
  }

  /** Whether the run makes clusters, one for each mode. */
  private boolean makes() {
    return kind.containers() && options.reuse().isEmpty();
  }

  /** What programs the Services of a cluster that is there. */
  static ProxyFacts found(TestbedKind kind, ClusterOptions options) {
    if (!kind.containers()) {
      return read(Connection.of(options));
    }
    try (KindCluster there = KindCluster.reuse(options.reuse().orElseThrow(), scratch())) {
      return read(Connection.of(there.kubeconfig()));
    }
  }

  private static ProxyFacts read(KubernetesClient client) {
    try (client) {
      return ProxyFacts.read(client);
    }
  }

  @Override
  public Stage open(DataPlane mode, TestbedSize size) throws IOException {
    connect(mode, size.nodes());
    if (makes() && !proxy.mode().equals(Optional.of(mode))) {
      throw new TestbedException(
          "asked kind for kube-proxy mode "
              + mode.word()
              + ", but its ConfigMap says "
              + proxy.mode().map(DataPlane::word).orElse("nothing"));
    }
    stages++;
    Settings settings =
        new Settings(
            run,
            options.namespace().orElse("conntrail-" + run + (stages == 1 ? "" : "-" + stages)),
            options.image(),
            size,
            makes());
    Optional<NodeLook> look =
        kind.containers()
            ? Optional.of(NodeLook.docker())
            : Optional.ofNullable(nodeDebug).map(NodeDebug::look);
    ClusterStage stage =
        ClusterStage.open(
            KubernetesTestbed.up(client, settings, events),
            proxy.mode().orElse(mode),
            look,
            makes(),
            logs,
            cancellation);
    try {
      stage.versions().forEach((program, version) -> facts.put(program + " (image)", version));
      return stage;
    } catch (RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  /** For kubeconfigs, which hold keys and are no results. */
  private static Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Makes sure of a cluster of a mode, and of so many nodes for pods where that is not one. */
  private void connect(DataPlane mode, int nodes) {
    String name =
        KindCluster.NAME_START + run + "-" + mode.word() + (nodes == 1 ? "" : "-" + nodes);
    if (client != null && (!makes() || cluster.name().equals(name))) {
      return;
    }
    disconnect();
    if (kind.containers()) {
      connectToKind(name, mode, nodes);
    } else {
      client = Connection.of(options);
      Owners.clearKilled(client).forEach(progress::say);
      if (options.nodeDebug()) {
        nodeDebug =
            NodeDebug.up(
                client,
                new Settings(
                    run,
                    "conntrail-" + run + "-nodes",
                    options.image(),
                    new TestbedSize(0, 0, 0),
                    false));
      }
    }
    proxy = ProxyFacts.read(client);
    String where = makes() ? mode.word() + ": " : "";
    proxy.all().forEach((k, v) -> facts.put(where + k, v));
    facts.put(
        where + "cluster", kind.containers() ? cluster.name() : client.getMasterUrl().getHost());
  }

  private void connectToKind(String name, DataPlane mode, int nodes) {
    if (makes()) {
      progress.say("making the kind cluster " + name);
      events.accept("cluster-make", name);
      cluster =
          KindCluster.create(
              name,
              KindConfig.of(options.kindConfig(), mode, nodes),
              options.nodeImage(),
              scratch(),
              options.keep());
    } else {
      cluster = KindCluster.reuse(options.reuse().orElseThrow(), scratch());
    }
    events.accept("cluster-ready", cluster.name());
    progress.say("loading the image " + options.image() + " into " + cluster.name());
    cluster.load(options.image());
    events.accept("image-loaded", options.image());
    client = Connection.of(cluster.kubeconfig());
  }

  private void disconnect() {
    try {
      if (nodeDebug != null) {
        nodeDebug.close();
        nodeDebug = null;
      }
      if (client != null) {
        client.close();
        client = null;
      }
    } finally {
      if (cluster != null) {
        KindCluster going = cluster;
        cluster = null;
        going.close();
      }
    }
  }

  @Override
  public Optional<KubeProxy> kubeProxy() {
    return KubeProxy.of(proxy.version());
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void close() {
    disconnect();
  }
}
