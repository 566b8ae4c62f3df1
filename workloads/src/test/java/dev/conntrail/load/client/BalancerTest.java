package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.spec.Knob;
import dev.conntrail.spec.Learning;
import dev.conntrail.spec.Policy;
import dev.conntrail.spec.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private static final List<String> THREE = pods(3);
  private final Targets targets = new Targets(THREE);

  private static List<String> pods(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> "10.244.1." + i + ":80").toList();
  }

  private Balancer balancer(Policy policy) {
    return balancer(new Route.Balanced(policy, Learning.WATCH), new Random(7));
  }

  private Balancer balancer(Route.Balanced how, Random random) {
    return new Balancer(how, targets, random);
  }

  private static String host(Pick.Picked picked) {
    return picked.address().getHostString();
  }

  /** How often each is picked, when nothing that was picked ends. */
  private static Map<String, Long> held(Balancer balancer, int times) {
    return IntStream.range(0, times)
        .mapToObj(_ -> host(balancer.next()))
        .collect(Collectors.groupingBy(h -> h, Collectors.counting()));
  }

  @Test
  void inTurnEachGetsAsManyAndANewOneToo() {
    Balancer balancer = balancer(Policy.ROUND_ROBIN);
    assertThat(held(balancer, 30).values()).containsExactly(10L, 10L, 10L);
    targets.become(pods(4));
    assertThat(held(balancer, 40)).hasSize(4).allSatisfy((_, n) -> assertThat(n).isEqualTo(10));
    targets.become(List.of("10.244.1.2:80"));
    assertThat(held(balancer, 5)).isEqualTo(Map.of("10.244.1.2", 5L));
  }

  @Test
  void clientsDoNotAllBeginWithTheFirst() {
    Random random = new Random(7);
    HashSet<String> first = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      first.add(
          host(balancer(new Route.Balanced(Policy.ROUND_ROBIN, Learning.WATCH), random).next()));
    }
    assertThat(first).hasSize(3);
  }

  /** What is held counts: three that each have one pod cannot be more than one apart. */
  @Test
  void theOneWithFewestConnectionsIsPicked() {
    Balancer balancer = balancer(Policy.LEAST_CONNECTIONS);
    List<Pick.Picked> held = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      held.add(balancer.next());
    }
    assertThat(held.stream().collect(Collectors.groupingBy(BalancerTest::host)).values())
        .allSatisfy(of -> assertThat(of).hasSize(4));
    targets.become(pods(4));
    assertThat(held(balancer, 4)).as("a new one is filled up").isEqualTo(Map.of("10.244.1.4", 4L));
    List<Pick.Picked> first =
        held.stream().filter(p -> host(p).equals("10.244.1.1")).limit(2).toList();
    first.forEach(Pick.Picked::close);
    assertThat(held(balancer, 2)).isEqualTo(Map.of("10.244.1.1", 2L));
  }

  /** One that holds everything it gets is drawn, and not picked beside another that is free. */
  @Test
  void ofTwoDrawnTheLessBusyOneIsPicked() {
    targets.become(pods(2));
    Balancer balancer = balancer(Policy.LEAST_REQUEST);
    String busy = host(balancer.next());
    for (int i = 0; i < 50; i++) {
      try (Pick.Picked picked = balancer.next()) {
        assertThat(host(picked)).isNotEqualTo(busy);
      }
    }
    targets.become(pods(1));
    assertThat(held(balancer, 3)).isEqualTo(Map.of("10.244.1.1", 3L));
  }

  /** Of as many drawn as there are pods, the least busy of all is picked. */
  @Test
  void moreChoicesAreMoreEven() {
    Route.Balanced three =
        new Route.Balanced(Policy.LEAST_REQUEST, Learning.WATCH, Map.of(Knob.CHOICES, "3"));
    assertThat(held(balancer(three, new Random(7)), 30).values()).containsExactly(10L, 10L, 10L);
    targets.become(pods(9));
    assertThat(held(balancer(three, new Random(7)), 90)).hasSize(9);
  }

  @Test
  void whereNoPodIsKnownNoneIsPicked() {
    targets.become(List.of());
    assertThatThrownBy(balancer(Policy.ROUND_ROBIN)::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client knows no pod");
  }
}
