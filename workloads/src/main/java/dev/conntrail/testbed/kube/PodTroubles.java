package dev.conntrail.testbed.kube;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why the pods of a run are not there, as the cluster says it.
 *
 * @param started older events are of others
 */
record PodTroubles(RunObjects objects, Instant started) {
  private static final int EVENTS_SHOWN = 5;

  /** Reasons for which waiting longer is in vain. */
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "CrashLoopBackOff");

  /** What makes waiting longer vain: why, and the mend where one is known. */
  record Hopeless(String why, String mend) {}

  /** Why waiting longer is in vain, if it is. */
  Optional<Hopeless> hopeless() {
    return Manifests.ROLES.stream()
        .flatMap(role -> objects.pods(role).stream())
        .flatMap(pod -> hopeless(pod).stream())
        .findFirst()
        .or(() ->
            objects.warnings(started).stream()
                .filter(e -> "FailedCreate".equals(e.getReason()))
                .findFirst()
                .map(e -> new Hopeless(text(e) + events(), "")));
  }

  private Optional<Hopeless> hopeless(Pod pod) {
    return Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
        .map(c -> c.getState().getWaiting())
        .filter(w -> HOPELESS.contains(w.getReason()))
        .findFirst()
        .map(w -> hopeless(pod, w));
  }

  private Hopeless hopeless(Pod pod, ContainerStateWaiting waiting) {
    String reason =
        waiting.getReason() + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage());
    return new Hopeless(
        "pod " + pod.getMetadata().getName() + ": " + reason + lastWords(pod) + events(),
        reason.contains("Image")
            ? "load or push the image (scripts/image.sh), or name another with --image"
            : "");
  }

  /** What the cluster says of pods that are not ready. */
  String describe() {
    List<String> lines = new ArrayList<>();
    for (String role : Manifests.ROLES) {
      for (Pod pod : objects.pods(role)) {
        if (!RunObjects.ready(pod)) {
          lines.add(state(pod));
        }
      }
    }
    return (lines.isEmpty() ? "the cluster says nothing of it" : String.join("; ", lines))
        + events();
  }

  private String state(Pod pod) {
    String message =
        pod.getStatus().getConditions().stream()
            .map(c -> c.getMessage())
            .filter(Objects::nonNull)
            .findFirst()
            .map(m -> " (" + m + ")")
            .orElse("");
    return "pod "
        + pod.getMetadata().getName()
        + " is "
        + pod.getStatus().getPhase()
        + message
        + lastWords(pod);
  }

  private String lastWords(Pod pod) {
    List<String> words = objects.lastWords(pod);
    return words.isEmpty() ? "" : ", its last words: " + String.join("; ", words);
  }

  /** The last warnings, each once. */
  private String events() {
    List<String> texts =
        objects.warnings(started).stream().map(PodTroubles::text).distinct().toList();
    return texts.isEmpty()
        ? ""
        : "; its events: "
            + String.join(
                "; ", texts.subList(Math.max(0, texts.size() - EVENTS_SHOWN), texts.size()));
  }

  private static String text(Event e) {
    return e.getInvolvedObject().getKind()
        + " "
        + e.getInvolvedObject().getName()
        + ": "
        + e.getReason()
        + ": "
        + e.getMessage();
  }
}
