package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.testbed.TestbedSize;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom the API's selectors take when labels change; no cluster is asked. */
class EchoEndpointsTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "ns", "image", new TestbedSize(4, 2, 1, 1, false, true, 1), true);
  private static final Map<String, String> SERVICE =
      Manifests.service(SETTINGS, Manifests.ECHO).getSpec().getSelector();
  private static final Map<String, String> DEPLOYMENT =
      Manifests.echo(SETTINGS).getSpec().getSelector().getMatchLabels();

  private static Pod made(PodTemplateSpec template) {
    return new PodBuilder()
        .withMetadata(template.getMetadata())
        .withSpec(template.getSpec())
        .build();
  }

  private static boolean takes(Map<String, String> selector, Pod pod) {
    return pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }

  @Test
  void aPodThatIsMadeIsAnEndpointAndStaysTheDeploymentsWhenItIsNone() {
    Pod made = made(Manifests.echo(SETTINGS).getSpec().getTemplate());
    assertThat(takes(SERVICE, made)).isTrue();
    assertThat(takes(DEPLOYMENT, made)).isTrue();
    Pod without = EchoEndpoints.with(made, false);
    assertThat(takes(SERVICE, without)).isFalse();
    assertThat(takes(DEPLOYMENT, without)).as("else it would be replaced").isTrue();
    assertThat(takes(SERVICE, EchoEndpoints.with(without, true))).isTrue();
  }

  @Test
  void theNameHasThemLikewiseAndProxiesHaveNoneOfIt() {
    Pod without = EchoEndpoints.with(made(Manifests.echo(SETTINGS).getSpec().getTemplate()), false);
    assertThat(takes(OtherServices.headless(SETTINGS).getSpec().getSelector(), without)).isFalse();
    Map<String, String> ofProxies =
        Manifests.service(SETTINGS, Manifests.PROXY).getSpec().getSelector();
    assertThat(takes(ofProxies, made(Manifests.proxy(SETTINGS)))).isTrue();
  }
}
