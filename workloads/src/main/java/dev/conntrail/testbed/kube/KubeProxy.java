package dev.conntrail.testbed.kube;

import dev.conntrail.spec.DataPlane;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Changes kube-proxy on all nodes of a cluster that the run has made. */
public final class KubeProxy {
  private static final String CONFIG = "config.conf";
  private static final Pattern MODE = Pattern.compile("(?m)^mode:.*$");

  /** No node has this label. */
  private static final String NOWHERE = "conntrail.dev/nowhere";

  /** When it last wrote all that was to be written, seconds since the epoch. */
  private static final Pattern SYNCED =
      Pattern.compile(
          "(?m)^kubeproxy_sync_proxy_rules_last_timestamp_seconds(?:\\{[^}]*IPv4[^}]*})? (\\S+)$");

  private static final Duration LOOK = Duration.ofMillis(100);

  private final KubernetesClient client;

  KubeProxy(KubernetesClient client) {
    this.client = client;
  }

  private Resource<DaemonSet> daemonSet() {
    return client.apps().daemonSets().inNamespace(ProxyFacts.SYSTEM).withName(ProxyFacts.NAME);
  }

  /** It ends on all nodes; its rules stay. Returns when it has. */
  public void end() throws InterruptedException {
    place("take kube-proxy from the nodes", spec -> spec.addToNodeSelector(NOWHERE, "true"));
    delete(names());
    await(() -> names().isEmpty());
  }

  private void place(String what, UnaryOperator<PodSpecBuilder> change) {
    Api.edit(
        what,
        () ->
            daemonSet()
                .edit(d ->
                    new DaemonSetBuilder(d)
                        .editSpec()
                        .editTemplate()
                        .withSpec(
                            change
                                .apply(new PodSpecBuilder(d.getSpec().getTemplate().getSpec()))
                                .build())
                        .endTemplate()
                        .endSpec()
                        .build()));
  }

  private FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
    return client.pods().inNamespace(ProxyFacts.SYSTEM).withLabel("k8s-app", ProxyFacts.NAME);
  }

  private Set<String> names() {
    return Api.call("list kube-proxy's pods", () -> pods().list().getItems()).stream()
        .map(p -> p.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** At once: by itself it takes all of its grace period of 30 s. */
  private void delete(Set<String> names) {
    Api.call(
        "delete kube-proxy's pods",
        () -> {
          names.forEach(name ->
              client
                  .pods()
                  .inNamespace(ProxyFacts.SYSTEM)
                  .withName(name)
                  .withGracePeriod(1)
                  .delete());
          return names;
        });
  }

  /** It is started on all nodes again, if it has ended; returns when it runs. */
  public void start() throws InterruptedException {
    place("bring kube-proxy to the nodes again", spec -> spec.removeFromNodeSelector(NOWHERE));
    await(() -> running(Set.of()));
  }

  /** Whether it runs on all nodes, and none of those that were there before is left. */
  private boolean running(Set<String> before) {
    DaemonSet set = Api.call("read kube-proxy's DaemonSet", daemonSet()::get);
    DaemonSetStatus status = set.getStatus();
    return Collections.disjoint(names(), before)
        && Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && status.getDesiredNumberScheduled() > 0
        && Objects.equals(status.getNumberReady(), status.getDesiredNumberScheduled())
        && names().size() == status.getDesiredNumberScheduled();
  }

  /**
   * It is started in a mode: its ConfigMap is changed, and its pods are deleted, as {@code kubectl
   * delete pod} does it. Returns when it runs on all nodes.
   */
  public void restart(DataPlane mode) throws InterruptedException {
    Api.edit(
        "change kube-proxy's ConfigMap",
        () ->
            client
                .configMaps()
                .inNamespace(ProxyFacts.SYSTEM)
                .withName(ProxyFacts.NAME)
                .edit(c -> withMode(c, mode)));
    Set<String> before = names();
    delete(before);
    await(() -> running(before));
  }

  static ConfigMap withMode(ConfigMap map, DataPlane mode) {
    String config = map.getData().get(CONFIG);
    return new ConfigMapBuilder(map)
        .addToData(CONFIG, MODE.matcher(config).replaceFirst("mode: " + mode.word()))
        .build();
  }

  /**
   * When the kube-proxy of a node last wrote all that was to be written, as its own metrics say.
   *
   * @return seconds since the epoch, by the node's clock; empty if it says nothing, or has not yet
   */
  public static OptionalDouble synced(NodeLook look, String node) {
    return synced(
        look.attempt(node, List.of("curl", "-s", "http://127.0.0.1:10249/metrics")).out());
  }

  static OptionalDouble synced(String metrics) {
    Matcher m = SYNCED.matcher(metrics);
    return m.find() ? OptionalDouble.of(Double.parseDouble(m.group(1))) : OptionalDouble.empty();
  }

  private static void await(BooleanSupplier there) throws InterruptedException {
    long begunNs = System.nanoTime();
    while (!there.getAsBoolean()) {
      Looks.pause(LOOK, begunNs);
      begunNs = System.nanoTime();
    }
  }

  /** Waits until the kube-proxy of each of some nodes has written all rules since a moment. */
  public static void awaitSynced(NodeLook look, List<String> nodes, Instant since)
      throws InterruptedException {
    double sinceS = since.toEpochMilli() / 1000.0;
    await(() -> nodes.stream().allMatch(n -> synced(look, n).orElse(0) >= sinceS));
  }
}
