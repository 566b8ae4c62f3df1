package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RulesWatchTest {
  private static Optional<ProxyFacts.Rules> naming(String address) {
    return Optional.of(
        new ProxyFacts.Rules(
            DataPlane.NFTABLES, Optional.empty(), "nft", "goto " + address + "/8080", 1));
  }

  private static boolean named(Optional<ProxyFacts.Rules> rules) {
    return rules.filter(r -> r.names("10.244.1.3")).isPresent();
  }

  @Test
  void itWaitsForTheLastNode() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    try (RulesWatch watch =
        new RulesWatch(
            List.of("early", "late"),
            node ->
                node.equals("early") || looks.incrementAndGet() > 3
                    ? naming("10.244.1.3")
                    : naming("10.244.1.2"))) {
      watch.await(RulesWatchTest::named);
      assertThat(looks).hasValueGreaterThan(3);
      int before = looks.get();
      watch.await(RulesWatchTest::named);
      assertThat(looks).as("looks anew").hasValueGreaterThan(before);
    }
  }

  @Test
  void aNodeThatCannotBeLookedAtEndsTheWait() {
    try (RulesWatch watch =
        new RulesWatch(
            List.of("node-1"),
            _ -> {
              throw new TestbedException("gone");
            })) {
      assertThatThrownBy(() -> watch.await(RulesWatchTest::named)).hasMessage("gone");
    }
  }
}
