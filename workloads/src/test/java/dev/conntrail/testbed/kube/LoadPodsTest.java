package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.testbed.Place;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadPodsTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "conntrail-ct0a1b2c", "image", 4, 2, 0, true);

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
