package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the cluster has of a run, as it is now.
 *
 * @param settings name the run and its namespace
 */
record RunObjects(KubernetesClient client, Settings settings) {
  private static final int LOG_LINES = 5;

  /** Phases of pods that are over, and may stay in the API. */
  private static final Set<String> ENDED = Set.of("Failed", "Succeeded");

  private String namespace() {
    return settings.namespace();
  }

  /** The pods of a role that are not on their way out. */
  List<Pod> pods(String role) {
    return all(role).stream().filter(p -> p.getMetadata().getDeletionTimestamp() == null).toList();
  }

  /** The echo pods that are ready, by name. */
  List<Place> echo() {
    return pods(Manifests.ECHO).stream()
        .filter(RunObjects::ready)
        .map(p -> KubernetesTestbed.place(p, Place.Role.POD))
        .sorted(Comparator.comparing(Place::name))
        .toList();
  }

  /** Whether the Deployment has done what it was told, and no pod of it is on its way out. */
  boolean settled() {
    Deployment deployment =
        Api.call(
            "read the Deployment",
            () ->
                client
                    .apps()
                    .deployments()
                    .inNamespace(namespace())
                    .withName(Manifests.ECHO)
                    .get());
    DeploymentStatus status = deployment.getStatus();
    Integer wanted = deployment.getSpec().getReplicas();
    return Objects.equals(status.getObservedGeneration(), deployment.getMetadata().getGeneration())
        && Objects.equals(status.getUpdatedReplicas(), wanted)
        && all(Manifests.ECHO).stream()
                .filter(p -> !ENDED.contains(p.getStatus().getPhase()))
                .count()
            == wanted;
  }

  /** The pods of a role, those on their way out too. */
  List<Pod> all(String role) {
    return Api.call(
        "list pods",
        () ->
            client
                .pods()
                .inNamespace(namespace())
                .withLabel(Settings.RUN, settings.run())
                .withLabel(Settings.ROLE, role)
                .list()
                .getItems());
  }

  /** Whether a pod has an address and says that it is ready. */
  static boolean ready(Pod p) {
    return p.getStatus().getPodIP() != null
        && p.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** The addresses that the Service's EndpointSlices call ready. */
  Set<String> endpoints() {
    return Api.call(
        "list EndpointSlices",
        () ->
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace())
                .withLabel(Settings.SERVICE_NAME, Manifests.ECHO)
                .list()
                .getItems()
                .stream()
                .flatMap(s -> readyOf(s).stream())
                .collect(Collectors.toSet()));
  }

  /** The ready addresses of a slice, in order. */
  static Set<String> readyOf(EndpointSlice slice) {
    return Stream.ofNullable(slice.getEndpoints())
        .flatMap(List::stream)
        .filter(e -> !Boolean.FALSE.equals(e.getConditions().getReady()))
        .flatMap(e -> e.getAddresses().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Warnings about what this run made; a namespace that was there may hold others. */
  List<Event> warnings(Instant since) {
    return Api.call(
        "list events",
        () ->
            client.v1().events().inNamespace(namespace()).list().getItems().stream()
                .filter(e -> "Warning".equals(e.getType()))
                .filter(e ->
                    Manifests.ROLES.stream()
                        .anyMatch(role -> e.getInvolvedObject().getName().startsWith(role)))
                .filter(e ->
                    e.getLastTimestamp() == null
                        || !Instant.parse(e.getLastTimestamp()).isBefore(since))
                .toList());
  }

  /** The last lines that a pod wrote; empty where they cannot be had. */
  List<String> lastWords(Pod pod) {
    try {
      String log =
          client
              .pods()
              .inNamespace(namespace())
              .withName(pod.getMetadata().getName())
              .tailingLines(LOG_LINES)
              .getLog();
      return log == null || log.isBlank() ? List.of() : log.strip().lines().toList();
    } catch (KubernetesClientException _) {
      return List.of();
    }
  }

  /** Deletes all of it, and does not wait. */
  void delete() {
    String ns = namespace();
    String run = settings.run();
    Api.call(
        "delete what the run made",
        () -> {
          client.batch().v1().jobs().inNamespace(ns).withLabel(Settings.RUN, run).delete();
          client.apps().deployments().inNamespace(ns).withLabel(Settings.RUN, run).delete();
          client.services().inNamespace(ns).withLabel(Settings.RUN, run).delete();
          return client
              .pods()
              .inNamespace(ns)
              .withLabel(Settings.RUN, run)
              .withGracePeriod(0)
              .delete();
        });
  }
}
