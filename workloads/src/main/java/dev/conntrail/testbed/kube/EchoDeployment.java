package dev.conntrail.testbed.kube;

import dev.conntrail.spec.ClusterLife;
import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.time.Instant;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Changes of the Deployment of the echo pods: each returns when the API has taken it. */
public final class EchoDeployment {
  /** As {@code kubectl rollout restart} does it. */
  static final String RESTARTED = "kubectl.kubernetes.io/restartedAt";

  private final KubernetesClient client;
  private final Settings settings;

  EchoDeployment(KubernetesClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  private RollableScalableResource<Deployment> deployment() {
    return client.apps().deployments().inNamespace(settings.namespace()).withName(Manifests.ECHO);
  }

  /** As many pods as at first, that come and go so; changed only where that is not so already. */
  void restore(ClusterLife life) {
    Deployment now = Api.call("read the Deployment", deployment()::get);
    PodTemplateSpec template = now.getSpec().getTemplate();
    PodTemplateSpec wanted = PodTemplates.living(template, life);
    if (!wanted.equals(template)
        || !Objects.equals(now.getSpec().getReplicas(), settings.size().pods())) {
      edit(
          "restore the Deployment",
          d ->
              new DeploymentBuilder(d)
                  .editSpec()
                  .withReplicas(settings.size().pods())
                  .withTemplate(wanted)
                  .endSpec()
                  .build());
    }
  }

  private void edit(String what, UnaryOperator<Deployment> edit) {
    Api.edit(what, () -> deployment().edit(edit));
  }

  /** It is to have so many pods. */
  public void scale(int pods) {
    edit(
        "scale the Deployment",
        d -> new DeploymentBuilder(d).editSpec().withReplicas(pods).endSpec().build());
  }

  /**
   * All its pods are to be replaced.
   *
   * @param surge pods that may be there beyond those asked for
   * @param unavailable pods that may lack
   */
  public void restart(int surge, int unavailable) {
    edit(
        "restart the Deployment",
        d ->
            new DeploymentBuilder(d)
                .editSpec()
                .editOrNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(surge))
                .withMaxUnavailable(new IntOrString(unavailable))
                .endRollingUpdate()
                .endStrategy()
                .editTemplate()
                .editMetadata()
                .addToAnnotations(RESTARTED, Instant.now().toString())
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build());
  }

  /** All its pods are made anew, so that they are spread over all nodes that take pods. */
  public void spread() {
    restart(1, 1);
  }

  /** A pod is deleted with a grace period of 0: the API forgets it at once, and it is replaced. */
  public void delete(Place pod) {
    Api.call(
        "delete the pod " + pod.name(),
        () ->
            client
                .pods()
                .inNamespace(settings.namespace())
                .withName(pod.name())
                .withGracePeriod(0)
                .delete());
  }
}
