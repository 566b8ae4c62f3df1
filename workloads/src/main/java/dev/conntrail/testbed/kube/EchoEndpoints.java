package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which echo pods are behind the Services of echo: those with a label, which these ask for and the
 * Deployment does not. So a pod whose label is changed lives on.
 */
public final class EchoEndpoints {
  private static final String LABEL = "conntrail.dev/endpoint";
  private static final String YES = "yes";
  private static final String NO = "no";

  private final KubernetesClient client;
  private final RunObjects objects;

  EchoEndpoints(KubernetesClient client, RunObjects objects) {
    this.client = client;
    this.objects = objects;
  }

  /** The labels of pods that are behind the Services of a role, of those that the role has. */
  static Map<String, String> labels(Settings settings, String role) {
    Map<String, String> labels = new HashMap<>(Manifests.labels(settings, role));
    if (role.equals(Manifests.ECHO)) {
      labels.put(LABEL, YES);
    }
    return labels;
  }

  /** The same pod, behind them or not. */
  static Pod with(Pod pod, boolean behind) {
    return new PodBuilder(pod)
        .editMetadata()
        .addToLabels(LABEL, behind ? YES : NO)
        .endMetadata()
        .build();
  }

  private static boolean is(Pod pod, boolean behind) {
    return with(pod, behind).equals(pod);
  }

  /** Pods are to be behind them; returns when the API has taken it. */
  public void join(List<Place> pods) {
    pods.forEach(p -> label(p.name(), true));
  }

  /** Pods are not to be behind them any more; returns when the API has taken it. */
  public void leave(List<Place> pods) {
    pods.forEach(p -> label(p.name(), false));
  }

  /** Pods are to be behind them, and no others. */
  void set(List<Place> pods) {
    List<String> names = pods.stream().map(Place::name).toList();
    for (Pod pod : objects.pods(Manifests.ECHO)) {
      boolean behind = names.contains(pod.getMetadata().getName());
      if (!is(pod, behind)) {
        label(pod.getMetadata().getName(), behind);
      }
    }
  }

  private void label(String pod, boolean behind) {
    Api.edit(
        "label the pod " + pod,
        () ->
            client
                .pods()
                .inNamespace(objects.settings().namespace())
                .withName(pod)
                .edit(p -> with(p, behind)));
  }
}
