package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedSize;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadPodsTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "conntrail-ct0a1b2c", "image", new TestbedSize(4, 2, 1), true);

  private final List<Pod> cluster = new ArrayList<>();
  private final List<Pod> made = new ArrayList<>();
  private final LoadPods pods = new LoadPods(SETTINGS, () -> cluster, made::add);

  private static Pod pod(String name, String index, String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .addToAnnotations(LoadPods.INDEX, index)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  @Test
  void runInTheOrderOfTheirIndex() {
    cluster.add(pod("load-10-aaaaa", "10", "Running"));
    cluster.add(pod("load-2-bbbbb", "2", "Running"));
    cluster.add(pod("load-1-ccccc", "1", "Failed"));
    assertThat(pods.running())
        .extracting(Place::name)
        .containsExactly("load-2-bbbbb", "load-10-aaaaa");
  }

  @Test
  void oneThatFailedIsWaitedForAsItsJobMakesIt() {
    cluster.add(pod("load-1-aaaaa", "1", "Failed"));
    cluster.add(pod("load-10-ccccc", "10", "Running"));
    LoadPods.Replacement next = pods.lost("load-1-aaaaa");
    assertThat(next.there()).isFalse();
    cluster.add(pod("load-1-bbbbb", "1", "Running"));
    assertThat(next.there()).isTrue();
    assertThat(next.pod().name()).isEqualTo("load-1-bbbbb");
    assertThat(made).isEmpty();
  }

  @Test
  void oneThatIsStillSaidToRunIsLostAllTheSame() {
    cluster.add(pod("load-1-aaaaa", "1", "Running"));
    assertThat(pods.lost("load-1-aaaaa").there()).isFalse();
    assertThat(pods.running()).isEmpty();
    assertThat(made).isEmpty();
  }

  /** It is found by its client, whose pod it shares, and is there while its container runs. */
  @Test
  void theProxyBesideAClientIsWhereThatIs() {
    Place before = pod("load-1-aaaaa", "1", "Running", true);
    assertThat(pods.sidecar(before.name())).hasValue(before.sidecar());
    cluster.clear();
    Place restarting = pod("load-1-aaaaa", "1", "Running", false);
    assertThat(pods.sidecar(restarting.name())).isEmpty();
    pods.lost(restarting.name());
    pod("load-10-ccccc", "10", "Running", true);
    assertThat(pods.sidecar(before.name())).isEmpty();
    Place after = pod("load-1-bbbbb", "1", "Running", true);
    assertThat(pods.sidecar(before.name())).hasValue(after.sidecar());
    assertThat(after.sidecar().beside()).isEqualTo("load-1-bbbbb");
  }

  /** Adds a pod with a sidecar. */
  private Place pod(String name, String index, String phase, boolean runs) {
    Pod with =
        new PodBuilder(pod(name, index, phase))
            .editStatus()
            .addNewInitContainerStatus()
            .withNewState()
            .endState()
            .endInitContainerStatus()
            .endStatus()
            .build();
    if (runs) {
      with.getStatus()
          .getInitContainerStatuses()
          .getFirst()
          .getState()
          .setRunning(new ContainerStateRunning());
    }
    cluster.add(with);
    return KubernetesTestbed.place(with, Place.Role.CLIENT);
  }

  private static Job job(boolean sidecars) {
    return Manifests.load(
        new Settings(
            "ct0a1b2c", "ns", "image", new TestbedSize(4, 2, 1, 0, sidecars, false, 1), true));
  }

  /** The API leaves out what it does not know. */
  @Test
  void aClusterWithoutSidecarsIsToldFromOthers() {
    assertThat(job(false).getSpec().getTemplate().getSpec().getInitContainers()).isEmpty();
    Job with = job(true);
    LoadPods.check(job(false));
    LoadPods.check(with);
    Container sidecar = with.getSpec().getTemplate().getSpec().getInitContainers().getFirst();
    assertThat(sidecar.getRestartPolicy()).isEqualTo("Always");
    sidecar.setRestartPolicy(null);
    assertThatThrownBy(() -> LoadPods.check(with))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("Kubernetes 1.29 or later");
  }

  @Test
  void oneThatEndedWellIsMadeOnceForItsJobIsDoneWithIt() {
    cluster.add(pod("load-1-aaaaa", "1", "Succeeded"));
    LoadPods.Replacement next = pods.lost("load-1-aaaaa");
    assertThat(next.there()).isFalse();
    assertThat(next.there()).isFalse();
    Pod again = made.getFirst();
    assertThat(made).hasSize(1);
    assertThat(again.getMetadata().getGenerateName()).isEqualTo("load-1-");
    assertThat(again.getMetadata().getAnnotations()).containsEntry(LoadPods.INDEX, "1");
    assertThat(again.getMetadata().getLabels())
        .isEqualTo(Manifests.labels(SETTINGS, Manifests.LOAD));
    assertThat(again.getSpec())
        .isEqualTo(Manifests.load(SETTINGS).getSpec().getTemplate().getSpec());
    cluster.add(pod("load-1-bbbbb", "1", "Running"));
    assertThat(next.there()).isTrue();
    assertThat(pods.lost("load-1-bbbbb").there()).as("and so again").isFalse();
  }
}
