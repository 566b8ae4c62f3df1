package dev.conntrail.testbed.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Tells of all that happens to a run's pods and endpoints, for as long as it is open. */
final class PodWatch implements AutoCloseable {
  private final BiConsumer<String, String> events;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, String> lastSaid = new ConcurrentHashMap<>();

  /**
   * Begins.
   *
   * @param events told of each change once: what, and to whom
   */
  PodWatch(KubernetesClient client, Settings settings, BiConsumer<String, String> events) {
    this.events = events;
    watches.add(
        Api.call(
            "watch pods",
            () ->
                client
                    .pods()
                    .inNamespace(settings.namespace())
                    .withLabel(Settings.RUN, settings.run())
                    .watch(new Teller<>("pod", p -> p.getMetadata().getName(), PodWatch::state))));
    watches.add(
        Api.call(
            "watch EndpointSlices",
            () ->
                client
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(settings.namespace())
                    .withLabel(Settings.SERVICE_NAME, Manifests.ECHO)
                    .watch(
                        new Teller<>(
                            "endpointslice",
                            s -> s.getMetadata().getName(),
                            s ->
                                RunObjects.readyOf(s).size()
                                    + " ready: "
                                    + String.join(" ", RunObjects.readyOf(s))))));
  }

  private static String state(Pod pod) {
    String phase = pod.getStatus().getPhase().toLowerCase(Locale.ROOT);
    String node = pod.getSpec().getNodeName();
    return (pod.getMetadata().getDeletionTimestamp() != null
            ? "terminating"
            : RunObjects.ready(pod) ? "ready" : phase)
        + (node == null ? "" : " on " + node);
  }

  /** Tells of changes, each once. */
  private final class Teller<T> implements Watcher<T> {
    private final String kind;
    private final Function<T, String> name;
    private final Function<T, String> state;

    Teller(String kind, Function<T, String> name, Function<T, String> state) {
      this.kind = kind;
      this.name = name;
      this.state = state;
    }

    @Override
    public void eventReceived(Action action, T object) {
      if (action == Action.BOOKMARK || action == Action.ERROR) {
        return;
      }
      String now = action == Action.DELETED ? "deleted" : state.apply(object);
      String who = name.apply(object);
      if (!now.equals(lastSaid.put(kind + " " + who, now))) {
        events.accept(kind, who + " " + now);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      events.accept("watch-lost", String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }
}
