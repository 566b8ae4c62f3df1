package dev.conntrail.testbed.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedSize;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyPodsTest {
  private static final Settings SETTINGS =
      new Settings("ct0a1b2c", "ns", "image", new TestbedSize(4, 2, 1, 11, false, false, 1), true);

  private final List<Pod> cluster = new ArrayList<>();
  private final List<Pod> made = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final ProxyPods proxies =
      new ProxyPods(
          SETTINGS,
          () -> cluster,
          made::add,
          s -> {
            services.add(s);
            return new KubeService(s.getMetadata().getName(), "10.96.0." + services.size());
          });

  private static Pod at(Pod pod, String ready) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPodIP("10.244.0.1")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  /** Those that the Service of so many of them has behind it. */
  private List<String> behind(int pool) {
    proxies.service(pool);
    Map<String, String> selector = services.getLast().getSpec().getSelector();
    return made.stream()
        .filter(p -> p.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .map(p -> p.getMetadata().getName())
        .toList();
  }

  @Test
  void eachPoolHasItsServiceOfTheFirstOfThem() {
    proxies.make();
    assertThat(made).hasSize(11);
    assertThat(behind(1)).containsExactly("proxy-1");
    assertThat(behind(3)).containsExactly("proxy-1", "proxy-2", "proxy-3");
    assertThat(behind(11)).hasSize(11);
    assertThat(services)
        .extracting(s -> s.getMetadata().getName())
        .doesNotHaveDuplicates()
        .hasSize(3);
    assertThat(proxies.service(3)).isEqualTo(proxies.service(3));
    assertThat(services).as("each is made once").hasSize(3);
  }

  @Test
  void thoseThatAreReadyAreInOrder() {
    proxies.make();
    made.reversed().forEach(p -> cluster.add(at(p, "True")));
    cluster.set(0, at(cluster.getFirst(), "False"));
    cluster.set(
        1,
        new PodBuilder(cluster.get(1))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build());
    assertThat(proxies.ready())
        .extracting(Place::name)
        .containsExactly(
            "proxy-1", "proxy-2", "proxy-3", "proxy-4", "proxy-5", "proxy-6", "proxy-7", "proxy-8",
            "proxy-9");
  }

  @Test
  void oneThatIsGoneIsMadeAgainAsItWas() {
    proxies.make();
    cluster.add(at(made.get(1), "False"));
    assertThat(proxies.again("proxy-2")).as("it may be ready again by itself").isEmpty();
    assertThat(made).hasSize(11);
    assertThat(proxies.again("proxy-3")).isEmpty();
    assertThat(made).hasSize(12);
    assertThat(made.getLast()).isEqualTo(made.get(2));
    cluster.add(at(made.getLast(), "True"));
    assertThat(proxies.again("proxy-3")).map(Place::name).hasValue("proxy-3");
    assertThat(made).hasSize(12);
  }
}
