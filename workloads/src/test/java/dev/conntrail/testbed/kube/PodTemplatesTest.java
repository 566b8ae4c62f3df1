package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.testbed.TestbedSize;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodTemplatesTest {
  private static final PodTemplateSpec PLAIN =
      Manifests.echo(
              new Settings(
                  "ct0a1b2c", "conntrail-ct0a1b2c", "image", new TestbedSize(4, 2, 1), true))
          .getSpec()
          .getTemplate();

  @Test
  void kubeletKnowsWholeSecondsAndTheHookAnyTime() {
    PodTemplateSpec living =
        PodTemplates.living(
            PLAIN,
            new ClusterLife(
                Duration.ofMillis(500),
                Duration.ofMillis(2500),
                Duration.ofMillis(5001),
                PodEnding.EXIT,
                Optional.empty()));
    Container container = living.getSpec().getContainers().getFirst();
    assertThat(living.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(6);
    assertThat(container.getReadinessProbe().getInitialDelaySeconds()).isEqualTo(1);
    assertThat(container.getLifecycle().getPreStop().getExec().getCommand())
        .containsExactly("sleep", "2.500");
  }

  @Test
  void aPlainLifeIsTheFirstTemplateAgainSoThatNothingIsRolledOut() {
    PodTemplateSpec living =
        PodTemplates.living(
            PLAIN,
            new ClusterLife(
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                PodEnding.DRAIN,
                Cure.parse("max-age=2s,by=server").byServer()));
    assertThat(living).isNotEqualTo(PLAIN);
    assertThat(PodTemplates.living(living, ClusterLife.PLAIN)).isEqualTo(PLAIN);
  }

  @Test
  void aServerGivesUpBeforeItIsKilled() {
    ClusterLife life =
        new ClusterLife(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(6),
            PodEnding.GOODBYE,
            Cure.parse("max-age=2s,by=server").byServer());
    assertThat(PodTemplates.living(PLAIN, life).getSpec().getContainers().getFirst().getArgs())
        .containsSequence("--on-term", "goodbye", "--drain-timeout", "4500ms")
        .containsSequence("--cure", "max-age=2s,by=server");
  }
}
