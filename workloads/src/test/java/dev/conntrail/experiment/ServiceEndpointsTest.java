package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.IptablesRules;
import dev.conntrail.dataplane.NftablesRules;
import dev.conntrail.dataplane.ProxyConfig;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.experiment.ServiceEndpoints.Change;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom rules lead to while pods end, as {@code CategorizeEndpoints} has it. */
class ServiceEndpointsTest {
  private static final Place NODE = place("node-1", Place.Role.NODE, "10.1.0.1");
  private static final List<Place> PODS =
      IntStream.range(1, 5)
          .mapToObj(i -> place("pod-" + i, Place.Role.POD, "10.244.1." + i))
          .toList();
  private static final Cell CELL =
      Cell.of(
          new Course(
              new Phases(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO),
              List.of(),
              1));

  private final List<String> left = new ArrayList<>();

  private static Place place(String name, Place.Role role, String address) {
    return new Place(name, role, "node-1", address, name);
  }

  /** Of the first two. */
  private static ServiceEndpoints two() {
    return new ServiceEndpoints(CELL, PODS.subList(0, 2), UnaryOperator.identity());
  }

  private void apply(ServiceEndpoints endpoints, Change change, int... pods) {
    Steps steps =
        (step, who, _, _) -> {
          assertThat(step).isEqualTo(EventStep.LEFT);
          left.add(String.join(" ", who.stream().map(Place::name).toList()));
        };
    List<Place> those = IntStream.of(pods).mapToObj(i -> PODS.get(i - 1)).toList();
    endpoints.apply(change, those, steps);
    endpoints.noteLeft(0);
  }

  private static List<String> used(ServiceEndpoints endpoints) {
    List<String> names = endpoints.used().stream().map(Place::name).sorted().toList();
    assertThat(names).isEqualTo(inRules(endpoints.services()));
    return names;
  }

  /** Pods that the rules of both modes name, which are made as those of {@code rules}. */
  private static List<String> inRules(List<ServicePort> services) {
    ProxyConfig config = ProxyConfig.on(NODE, KubeProxy.V1_37);
    List<String> iptables = named(IptablesRules.text(services, config));
    assertThat(iptables).isEqualTo(named(NftablesRules.text(services, config)));
    return iptables;
  }

  private static List<String> named(String text) {
    return PODS.stream()
        .filter(p -> text.matches("(?s).*\\b" + p.address().replace(".", "\\.") + "\\b.*"))
        .map(Place::name)
        .toList();
  }

  @Test
  void whileNoneIsReadyRulesLeadToThoseThatServeAndEnd() {
    ServiceEndpoints endpoints = two();
    apply(endpoints, Change.TERMINATE, 1, 2);
    assertThat(endpoints.ready()).isEmpty();
    assertThat(used(endpoints)).containsExactly("pod-1", "pod-2");
    assertThat(left).isEmpty();
    apply(endpoints, Change.LEAVE, 1);
    assertThat(used(endpoints)).containsExactly("pod-2");
    assertThat(left).containsExactly("pod-1");
    apply(endpoints, Change.JOIN, 3);
    assertThat(used(endpoints)).containsExactly("pod-3");
    apply(endpoints, Change.LEAVE, 2);
    assertThat(left).containsExactly("pod-1", "pod-2");
  }

  @Test
  void whileOneIsReadyThoseThatEndHaveLeft() {
    ServiceEndpoints endpoints = two();
    apply(endpoints, Change.TERMINATE, 2);
    assertThat(used(endpoints)).containsExactly("pod-1");
    assertThat(left).containsExactly("pod-2");
    // and rules lead to it again, as it serves still
    apply(endpoints, Change.LEAVE, 1);
    assertThat(used(endpoints)).containsExactly("pod-2");
    apply(endpoints, Change.LEAVE, 2);
    assertThat(used(endpoints)).isEmpty();
    assertThat(left).containsExactly("pod-2", "pod-1");
  }

  /** Whatever becomes of them, and whether or not they are there. */
  @Test
  void rulesNameThoseWhoAreUsed() {
    Random random = new Random(14);
    for (int i = 0; i < 50; i++) {
      ServiceEndpoints endpoints = two();
      for (int step = 0; step < 8; step++) {
        int pod = 1 + random.nextInt(PODS.size());
        boolean ready = endpoints.ready().contains(PODS.get(pod - 1));
        apply(
            endpoints,
            !ready ? random.nextBoolean() ? Change.JOIN : Change.LEAVE : Change.TERMINATE,
            pod);
        assertThat(endpoints.used()).containsAll(endpoints.ready());
        assertThat(List.copyOf(used(endpoints))).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aProxyInFrontIsReadyWhateverBecomesOfPods() {
    List<Place> proxies = List.of(PODS.get(3));
    ServiceEndpoints endpoints = new ServiceEndpoints(CELL, PODS.subList(0, 2), _ -> proxies);
    apply(endpoints, Change.TERMINATE, 1, 2);
    assertThat(inRules(endpoints.services())).containsExactly("pod-4");
  }
}
