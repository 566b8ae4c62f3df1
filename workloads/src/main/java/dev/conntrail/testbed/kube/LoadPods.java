package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The load pods of a run: those of its Job, and those that took the place of lost ones. */
final class LoadPods {
  /** Says which of its Job's pods a load pod is. */
  static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private static final String RUNNING = "Running";
  private static final String SUCCEEDED = "Succeeded";

  private final Settings settings;
  private final Supplier<List<Pod>> pods;
  private final Consumer<Pod> make;
  private final Set<String> lost = new HashSet<>();

  /**
   * Of a run.
   *
   * @param pods the load pods that the API has
   * @param make has the API make another
   */
  LoadPods(Settings settings, Supplier<List<Pod>> pods, Consumer<Pod> make) {
    this.settings = settings;
    this.pods = pods;
    this.make = make;
  }

  /**
   * Checks what the API made of the Job: one that knows no containers which go on beside others
   * leaves out that they do, and would wait for their end.
   *
   * @throws TestbedException with the mend
   */
  static void check(Job made) {
    boolean waits =
        made.getSpec().getTemplate().getSpec().getInitContainers().stream()
            .anyMatch(c -> c.getRestartPolicy() == null);
    if (waits) {
      throw new TestbedException(
          "this cluster has no sidecar containers", "Kubernetes 1.29 or later, or proxies=1");
    }
  }

  /** Those that run, by index: {@code load-0} and on. */
  List<Place> running() {
    return pods().map(p -> KubernetesTestbed.place(p, Place.Role.CLIENT)).toList();
  }

  private Stream<Pod> pods() {
    return pods.get().stream()
        .filter(p -> RUNNING.equals(p.getStatus().getPhase()))
        .filter(p -> !lost.contains(p.getMetadata().getName()))
        .sorted(
            Comparator.comparingInt(
                p -> Integer.parseInt(p.getMetadata().getAnnotations().getOrDefault(INDEX, "0"))));
  }

  /**
   * Where the proxy runs that is beside a load pod, or beside the one that took its place; empty
   * while it does not.
   */
  Optional<Place> sidecar(String name) {
    String prefix = prefix(name);
    return pods()
        .filter(p -> p.getMetadata().getName().startsWith(prefix))
        .filter(p ->
            p.getStatus().getInitContainerStatuses().stream()
                .anyMatch(c -> c.getState().getRunning() != null))
        .map(p -> KubernetesTestbed.place(p, Place.Role.CLIENT).sidecar())
        .findFirst();
  }

  private static String prefix(String name) {
    return name.replaceFirst("^(load-\\d+)-.*$", "$1-");
  }

  /** Counts a pod as lost, though it may still be said to run. */
  Replacement lost(String name) {
    lost.add(name);
    return new Replacement(name);
  }

  /**
   * What takes the place of a lost pod. The Job makes one that failed again, but not one whose
   * attachment broke: its input ended, so it ended well.
   */
  final class Replacement {
    private final String name;
    private final String prefix;
    private boolean made;

    private Replacement(String name) {
      this.name = name;
      this.prefix = prefix(name);
    }

    /** Whether it is there; makes it where nobody else will. */
    boolean there() {
      if (!made && succeeded()) {
        make.accept(again());
        made = true;
      }
      return found().isPresent();
    }

    /** The pod, once it is there. */
    Place pod() {
      return found().orElseThrow();
    }

    private Optional<Place> found() {
      return running().stream().filter(p -> p.name().startsWith(prefix)).findFirst();
    }

    private boolean succeeded() {
      return pods.get().stream()
          .filter(p -> p.getMetadata().getName().equals(name))
          .anyMatch(p -> SUCCEEDED.equals(p.getStatus().getPhase()));
    }

    /** Like those of the Job, which does not know it. */
    private Pod again() {
      PodTemplateSpec of = Manifests.load(settings).getSpec().getTemplate();
      return new PodBuilder()
          .withMetadata(of.getMetadata())
          .editMetadata()
          .withGenerateName(prefix)
          .addToAnnotations(INDEX, prefix.replaceAll("\\D", ""))
          .endMetadata()
          .withSpec(of.getSpec())
          .build();
    }
  }
}
