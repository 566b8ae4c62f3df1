package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.Cure;
import dev.conntrail.testbed.TestbedSize;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OtherServicesTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "conntrail-ct0a1b2c", "image", new TestbedSize(4, 2, 1), true);

  private final List<Service> made = new ArrayList<>();
  private final OtherServices services =
      new OtherServices(
          SETTINGS,
          s -> {
            made.add(s);
            return new KubeService(s.getMetadata().getName(), "10.96.0." + made.size());
          });

  private Optional<String> of(String cure) {
    return services.of(Cure.parse(cure)).map(KubeService::name);
  }

  @Test
  void isTheSameServiceButForWhatItDoesOtherwise() {
    Service plain = Manifests.service(SETTINGS, Manifests.ECHO);
    assertThat(of("session-affinity,timeout=60s")).hasValue("echo-pinned-60s");
    assertThat(of("same-zone+max-age=5s")).hasValue("echo-same-zone");
    assertThat(made)
        .allSatisfy(s -> {
          assertThat(s.getMetadata().getLabels()).isEqualTo(plain.getMetadata().getLabels());
          assertThat(s.getSpec().getSelector()).isEqualTo(plain.getSpec().getSelector());
          assertThat(s.getSpec().getPorts()).isEqualTo(plain.getSpec().getPorts());
        });
    Service pinned = made.getFirst();
    assertThat(pinned.getSpec().getSessionAffinity()).isEqualTo("ClientIP");
    assertThat(pinned.getSpec().getSessionAffinityConfig().getClientIP().getTimeoutSeconds())
        .isEqualTo(60);
    assertThat(pinned.getSpec().getTrafficDistribution()).isNull();
    Service near = made.getLast();
    assertThat(near.getSpec().getTrafficDistribution()).isEqualTo("PreferSameZone");
    assertThat(near.getSpec().getSessionAffinity()).isNull();
    assertThat(plain.getSpec().getSessionAffinity()).isNull();
    assertThat(plain.getSpec().getTrafficDistribution()).isNull();
  }

  /** It has no address, so kube-proxy makes no rules of it, and its name has those of the pods. */
  @Test
  void theHeadlessOneIsOfTheSamePodsAndOfNoCure() {
    Service plain = Manifests.service(SETTINGS, Manifests.ECHO);
    Service headless = OtherServices.headless(SETTINGS);
    assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(plain.getSpec().getClusterIP()).isNull();
    assertThat(headless.getMetadata().getName()).isNotEqualTo(plain.getMetadata().getName());
    assertThat(headless.getMetadata().getLabels()).isEqualTo(plain.getMetadata().getLabels());
    assertThat(headless.getSpec().getSelector()).isEqualTo(plain.getSpec().getSelector());
    assertThat(of("round-robin,learning=dns")).isEmpty();
  }

  @Test
  void eachIsMadeOnceAndTheFirstServesAllOthers() {
    assertThat(of("session-affinity,timeout=60s")).isEqualTo(of("session-affinity,timeout=1m"));
    assertThat(of("session-affinity")).hasValue("echo-pinned-10800s");
    assertThat(of("session-affinity+same-zone")).hasValue("echo-pinned-10800s-same-zone");
    assertThat(made).hasSize(3);
    assertThat(of("none")).isEmpty();
    assertThat(of("max-age=5s")).isEmpty();
  }
}
