package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The proxy pods of a run, {@code proxy-1} and on, each of which runs a proxy when it is told to;
 * and Services of the first one, two, and so on of them, of which each pool takes its own. A pod is
 * in these as soon as it runs itself.
 */
final class ProxyPods {
  private static final String NAME_START = Manifests.PROXY + "-";

  /** A pod is in pools that are large enough: with a selector for each size. */
  private static final String IN_POOL = "conntrail.dev/pool-of-";

  private final Settings settings;
  private final Supplier<List<Pod>> pods;
  private final Consumer<Pod> make;
  private final Function<Service, KubeService> serve;
  private final Map<Integer, KubeService> services = new HashMap<>();

  /**
   * Those of a run.
   *
   * @param pods the proxy pods that the API has, those on their way out too
   * @param make has the API make another
   * @param serve has it make a Service
   */
  ProxyPods(
      Settings settings,
      Supplier<List<Pod>> pods,
      Consumer<Pod> make,
      Function<Service, KubeService> serve) {
    this.settings = settings;
    this.pods = pods;
    this.make = make;
    this.serve = serve;
  }

  /** Makes all of them, and does not wait. */
  void make() {
    IntStream.rangeClosed(1, settings.size().proxies()).forEach(n -> make.accept(pod(settings, n)));
  }

  /** Those that are ready, in order. */
  List<Place> ready() {
    return pods.get().stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(RunObjects::ready)
        .map(p -> KubernetesTestbed.place(p, Place.Role.PROXY))
        .sorted(Comparator.comparingInt(p -> number(p.name())))
        .toList();
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring(NAME_START.length()));
  }

  /** One that was lost, once it is ready; made where the API has none, for nobody else does it. */
  Optional<Place> again(String name) {
    if (pods.get().stream().noneMatch(p -> p.getMetadata().getName().equals(name))) {
      make.accept(pod(settings, number(name)));
    }
    return ready().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  /** The Service of the first of them. */
  KubeService service(int pool) {
    return services.computeIfAbsent(pool, n -> serve.apply(service(settings, n)));
  }

  static Pod pod(Settings s, int number) {
    PodTemplateSpec template = Manifests.proxy(s);
    PodBuilder pod =
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .editMetadata()
            .withName(NAME_START + number)
            .endMetadata()
            .withSpec(template.getSpec());
    for (int pool = number; pool <= s.size().proxies(); pool++) {
      pod.editMetadata().addToLabels(IN_POOL + pool, "").endMetadata();
    }
    return pod.build();
  }

  static Service service(Settings s, int pool) {
    return new ServiceBuilder(Manifests.service(s, Manifests.PROXY))
        .editMetadata()
        .withName("pool-of-" + pool)
        .endMetadata()
        .editSpec()
        .addToSelector(IN_POOL + pool, "")
        .endSpec()
        .build();
  }
}
