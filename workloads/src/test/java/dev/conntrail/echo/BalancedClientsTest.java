package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.PlainClients;
import dev.conntrail.record.EchoLine;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that balance for themselves, against real servers on loopback. */
class BalancedClientsTest {
  private static EchoServer server;

  @BeforeAll
  static void start() throws IOException {
    server = EchoPods.serve(4);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Told of a new pod, a client gives it a fair share from its first answer on, exactly. */
  @ParameterizedTest
  @CsvSource({
    "HTTP1, DEDICATED",
    "HTTP1, SHARED",
    "HTTP2, DEDICATED",
    "HTTP2, SHARED",
    "SHORT_LIVED," + " DEDICATED",
    "GRPC, DEDICATED",
    "GRPC, SHARED"
  })
  void requestsGoInTurnAndToANewPodToo(Protocol protocol, Pooling pooling) throws Exception {
    try (CuredClient client = new CuredClient(server, protocol, pooling, "round-robin", 3)) {
      client.connect();
      for (int i = 1; i <= 3; i++) {
        client.until("pod-" + i);
      }
      assertThat(client.answers(30)).isEqualTo(Map.of("pod-1", 10, "pod-2", 10, "pod-3", 10));
      client.targets.become(CuredClient.pods(server, protocol, 4));
      client.until("pod-4");
      assertThat(client.answers(40))
          .isEqualTo(Map.of("pod-1", 10, "pod-2", 10, "pod-3", 10, "pod-4", 10));
      client.targets.become(CuredClient.pods(server, protocol, 2));
      assertThat(client.answers(20).keySet()).doesNotContain("pod-3", "pod-4");
      if (protocol.longLived()) {
        assertThat(client.ledger.entries()).as("one connection to each pod").hasSize(4);
      }
    }
  }

  /** The library keeps to one of several that it was given. */
  @Test
  void pickFirstStaysWithOnePod() throws Exception {
    try (CuredClient client =
        new CuredClient(server, Protocol.GRPC, Pooling.SHARED, "pick-first", 4)) {
      client.connect();
      assertThat(client.answers(20)).hasSize(1);
      assertThat(client.ledger.entries()).hasSize(1);
    }
  }

  /** Shuffled by each channel, addresses are a draw; as they are, all channels take the first. */
  @Test
  void channelsThatDoNotShuffleAllGoToTheFirst() throws Exception {
    assertThat(firstOfTwenty("pick-first,shuffle=no")).containsExactly("pod-1");
    assertThat(firstOfTwenty("pick-first")).hasSizeGreaterThan(1);
  }

  private static Set<String> firstOfTwenty(String cure) throws Exception {
    Set<String> pods = new HashSet<>();
    try (CuredClient client = new CuredClient(server, Protocol.GRPC, Pooling.DEDICATED, cure, 4)) {
      for (int i = 0; i < 20; i++) {
        Caller caller = client.another();
        pods.add(EchoLine.parse(PlainClients.send(caller).get(20, TimeUnit.SECONDS)).pod());
        caller.close();
      }
    }
    return pods;
  }

  @ParameterizedTest
  @CsvSource({"HTTP2, least-request", "GRPC, least-request", "GRPC, 'least-request,choices=4'"})
  void leastRequestGoesToAllPods(Protocol protocol, String cure) throws Exception {
    try (CuredClient client = new CuredClient(server, protocol, Pooling.SHARED, cure, 4)) {
      client.connect();
      for (int i = 1; i <= 4; i++) {
        client.until("pod-" + i);
      }
      assertThat(client.answers(100)).hasSize(4);
    }
  }

  /** What pods say is heeded: one that takes thirty times as long gets a small part at last. */
  @ParameterizedTest
  @ValueSource(strings = {"calls", "pods"})
  void whoSaysThatItIsBusyGetsLess(String reports) throws Exception {
    try (EchoServer own = EchoPods.serve(3);
        CuredClient client =
            new CuredClient(
                own,
                Protocol.GRPC,
                Pooling.SHARED,
                "weighted-round-robin,blackout=100ms,reports=" + reports,
                3)) {
      client.connect();
      for (int i = 1; i <= 3; i++) {
        client.until("pod-" + i);
      }
      assertThat(client.answers(30).values()).as("no weights yet").containsExactly(10, 10, 10);
      own.slow(Set.of("pod-2"), Duration.ofMillis(30), Duration.ZERO);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (client.answers(30).getOrDefault("pod-2", 0) > 3) {
        assertThat(System.nanoTime()).as("weights").isLessThan(end);
      }
    }
  }

  /** WebSockets of a client know of each other: as many to each pod. */
  @Test
  void webSocketsGoWhereFewestAre() throws Exception {
    try (CuredClient client =
        new CuredClient(server, Protocol.WEBSOCKET, Pooling.DEDICATED, "least-connections", 4)) {
      client.connect();
      for (int i = 0; i < 7; i++) {
        client.another().connect(_ -> {});
      }
      assertThat(
              client.ledger.entries().stream()
                  .collect(Collectors.groupingBy(e -> e.remote().getPort(), Collectors.counting()))
                  .values())
          .containsExactly(2L, 2L, 2L, 2L);
    }
  }
}
