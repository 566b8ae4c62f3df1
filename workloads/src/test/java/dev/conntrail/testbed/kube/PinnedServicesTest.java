package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.Affinity;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedServicesTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "conntrail-ct0a1b2c", "image", 4, 2, 0, true);

  @Test
  void isTheSameServiceButForItsAffinity() {
    Service plain = Manifests.service(SETTINGS, Manifests.ECHO);
    Service pinned = PinnedServices.manifest(SETTINGS, new Affinity(Duration.ofMinutes(1)));
    assertThat(pinned.getMetadata().getName()).isEqualTo("echo-pinned-60s");
    assertThat(pinned.getMetadata().getLabels()).isEqualTo(plain.getMetadata().getLabels());
    assertThat(pinned.getSpec().getSelector()).isEqualTo(plain.getSpec().getSelector());
    assertThat(pinned.getSpec().getPorts()).isEqualTo(plain.getSpec().getPorts());
    assertThat(pinned.getSpec().getSessionAffinity()).isEqualTo("ClientIP");
    assertThat(pinned.getSpec().getSessionAffinityConfig().getClientIP().getTimeoutSeconds())
        .isEqualTo(60);
    assertThat(plain.getSpec().getSessionAffinity()).isNull();
  }

  @Test
  void eachAffinityHasOneService() {
    List<String> made = new ArrayList<>();
    PinnedServices services =
        new PinnedServices(
            SETTINGS,
            s -> {
              made.add(s.getMetadata().getName());
              return new KubeService(s.getMetadata().getName(), "10.96.0." + made.size());
            });
    Affinity minute = new Affinity(Duration.ofSeconds(60));
    assertThat(services.of(minute)).isEqualTo(services.of(new Affinity(Duration.ofMinutes(1))));
    services.of(new Affinity(Duration.ofHours(3)));
    assertThat(made).containsExactly("echo-pinned-60s", "echo-pinned-10800s");
  }
}
