package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What the API says of the echo pods and of the Service's endpoints, as soon as it says it. */
public final class PodSightings implements AutoCloseable {
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Set<String>> ready = new HashMap<>();

  /** When the EndpointSlices first called an address ready that is ready now. */
  private final Map<String, Long> readySinceNs = new HashMap<>();

  private final List<SharedIndexInformer<?>> informers;

  PodSightings(KubernetesClient client, Settings settings) {
    informers = List.of(ofPods(client, settings), ofEndpoints(client, settings));
  }

  private SharedIndexInformer<?> ofPods(KubernetesClient client, Settings settings) {
    Teller<Pod> teller =
        new Teller<>() {
          @Override
          void is(Pod pod) {
            pods.put(pod.getMetadata().getName(), pod);
          }

          @Override
          void isNot(Pod pod) {
            pods.remove(pod.getMetadata().getName());
          }
        };
    return Api.call(
        "watch pods",
        () ->
            client
                .pods()
                .inNamespace(settings.namespace())
                .withLabel(Settings.RUN, settings.run())
                .withLabel(Settings.ROLE, Manifests.ECHO)
                .inform(teller));
  }

  private SharedIndexInformer<?> ofEndpoints(KubernetesClient client, Settings settings) {
    Teller<EndpointSlice> teller =
        new Teller<>() {
          @Override
          void is(EndpointSlice slice) {
            ready.put(slice.getMetadata().getName(), RunObjects.readyOf(slice));
            stamp();
          }

          @Override
          void isNot(EndpointSlice slice) {
            ready.remove(slice.getMetadata().getName());
            stamp();
          }
        };
    return Api.call(
        "watch EndpointSlices",
        () ->
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(settings.namespace())
                .withLabel(Settings.SERVICE_NAME, Manifests.ECHO)
                .inform(teller));
  }

  private void stamp() {
    long nowNs = System.nanoTime();
    Set<String> now = ready.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    readySinceNs.keySet().retainAll(now);
    now.forEach(address -> readySinceNs.putIfAbsent(address, nowNs));
  }

  /** Notes what is said, and wakes who waits for it. */
  private abstract class Teller<T> implements ResourceEventHandler<T> {
    abstract void is(T object);

    abstract void isNot(T object);

    @Override
    public void onAdd(T object) {
      synchronized (PodSightings.this) {
        is(object);
        PodSightings.this.notifyAll();
      }
    }

    @Override
    public void onUpdate(T before, T object) {
      onAdd(object);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      synchronized (PodSightings.this) {
        isNot(object);
        PodSightings.this.notifyAll();
      }
    }
  }

  /** Waits until something is so; it is asked again whenever the API says something new. */
  public synchronized void await(BooleanSupplier there) throws InterruptedException {
    while (!there.getAsBoolean()) {
      wait();
    }
  }

  /** Waits until the API says something new, or for so long. */
  public synchronized void awaitNews(long ms) throws InterruptedException {
    TimeUnit.MILLISECONDS.timedWait(this, ms);
  }

  /** The pods that the API knows, by name, those that are on their way out too. */
  public synchronized Set<String> names() {
    return new HashSet<>(pods.keySet());
  }

  /** Those that are not on their way out. */
  public synchronized Set<String> staying() {
    return pods.values().stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map(p -> p.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** Where a pod is, once it runs. */
  public synchronized Optional<Place> running(String name) {
    return Optional.ofNullable(pods.get(name))
        .filter(p -> "Running".equals(p.getStatus().getPhase()))
        .filter(p -> p.getStatus().getPodIP() != null)
        .map(p -> KubernetesTestbed.place(p, Place.Role.POD));
  }

  /** The name of a pod's container, as its node's runtime knows it; empty before it runs. */
  public synchronized Optional<String> container(String name) {
    return Optional.ofNullable(pods.get(name))
        .flatMap(p -> p.getStatus().getContainerStatuses().stream().findFirst())
        .map(s -> s.getContainerID())
        .map(id -> id.replaceFirst("^.*://", ""));
  }

  /**
   * Waits until the EndpointSlices call other pods ready than those, and at least one: none are
   * there when a watch begins.
   *
   * @return in order of their names
   */
  public synchronized Set<Place> awaitServing(Set<Place> before) throws InterruptedException {
    await(() -> {
      Set<Place> now = serving();
      return !now.isEmpty() && now.size() == endpoints().size() && !now.equals(before);
    });
    return serving();
  }

  private Set<Place> serving() {
    Set<String> now = endpoints();
    return pods.keySet().stream()
        .sorted()
        .flatMap(name -> running(name).stream())
        .filter(p -> now.contains(p.address()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The addresses that the EndpointSlices call ready. */
  public synchronized Set<String> endpoints() {
    return Set.copyOf(readySinceNs.keySet());
  }

  /** Since when they call it ready, as it was heard; now, if they do not. */
  public synchronized long readySinceNs(String address) {
    return readySinceNs.getOrDefault(address, System.nanoTime());
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
