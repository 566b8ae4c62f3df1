package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

  /** Those that run, by index: {@code load-0} and on. */
  List<Place> running() {
    return pods.get().stream()
        .filter(p -> RUNNING.equals(p.getStatus().getPhase()))
        .filter(p -> !lost.contains(p.getMetadata().getName()))
        .sorted(
            Comparator.comparingInt(
                p -> Integer.parseInt(p.getMetadata().getAnnotations().getOrDefault(INDEX, "0"))))
        .map(p -> KubernetesTestbed.place(p, Place.Role.CLIENT))
        .toList();
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
      this.prefix = name.replaceFirst("^(load-\\d+)-.*$", "$1-");
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
