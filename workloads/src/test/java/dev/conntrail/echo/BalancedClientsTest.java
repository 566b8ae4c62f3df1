package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.load.client.Picks;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.client.Reply;
import dev.conntrail.load.client.Targets;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that balance for themselves, against real servers on loopback. */
class BalancedClientsTest {
  private static final int LIMIT_S = 20;
  private static EchoServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        new EchoServer(
            IntStream.rangeClosed(1, 4)
                .mapToObj(
                    i -> new EchoPod("pod-" + i, "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO))
                .toList(),
            1);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> pods(Protocol protocol, int n) {
    return server.pods().stream()
        .limit(n)
        .map(p -> "127.0.0.1:" + (protocol.grpc() ? p.grpcPort() : p.httpPort()))
        .toList();
  }

  /** A client object and one caller of it. */
  private static final class Client implements AutoCloseable {
    final Targets targets;
    final Ledger ledger = new Ledger();
    private final ProtocolClient client;
    private final Picks picks;
    private final Caller caller;

    Client(Protocol protocol, Pooling pooling, String cure, int pods) {
      targets = new Targets(pods(protocol, pods));
      LoadPlan.Callers callers =
          new LoadPlan.Callers(
              1,
              pods(protocol, pods),
              protocol,
              pooling,
              Opening.AT_ONCE,
              Cure.parse(cure),
              KeepAlive.NONE,
              1,
              0);
      client =
          ProtocolClients.of(
              callers,
              new Connections(
                  targets,
                  ledger,
                  new Recording(),
                  () -> false,
                  new KeepAlives(KeepAlive.NONE, 1),
                  new LocalPorts(0),
                  () -> true));
      picks = new Picks(callers, targets, new Random(5));
      caller = client.caller(picks.of(0));
    }

    Caller another() {
      return client.caller(picks.of(1));
    }

    String pod() throws Exception {
      CompletableFuture<String> line = new CompletableFuture<>();
      caller.send(
          new Reply() {
            @Override
            public void arrived(LedgerEntry connection, String answer) {
              line.complete(answer);
            }

            @Override
            public void failed(Throwable why) {
              line.completeExceptionally(why);
            }
          });
      return EchoLine.parse(line.get(LIMIT_S, TimeUnit.SECONDS)).pod();
    }

    /** Sends until a pod answers: its connection may take a moment. */
    void until(String pod) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
      while (!pod().equals(pod)) {
        assertThat(System.nanoTime()).as("no answer of " + pod).isLessThan(end);
      }
    }

    Map<String, Integer> answers(int n) throws Exception {
      Map<String, Integer> answers = new java.util.TreeMap<>();
      for (int i = 0; i < n; i++) {
        answers.merge(pod(), 1, Integer::sum);
      }
      return answers;
    }

    @Override
    public void close() {
      caller.close();
      client.close();
    }
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
    try (Client client = new Client(protocol, pooling, "round-robin", 3)) {
      client.caller.connect();
      for (int i = 1; i <= 3; i++) {
        client.until("pod-" + i);
      }
      assertThat(client.answers(30)).isEqualTo(Map.of("pod-1", 10, "pod-2", 10, "pod-3", 10));
      client.targets.become(pods(protocol, 4));
      client.until("pod-4");
      assertThat(client.answers(40))
          .isEqualTo(Map.of("pod-1", 10, "pod-2", 10, "pod-3", 10, "pod-4", 10));
      client.targets.become(pods(protocol, 2));
      assertThat(client.answers(20).keySet()).doesNotContain("pod-3", "pod-4");
      if (protocol.longLived()) {
        assertThat(client.ledger.entries()).as("one connection to each pod").hasSize(4);
      }
    }
  }

  /** The library keeps to one of several that it was given. */
  @Test
  void pickFirstStaysWithOnePod() throws Exception {
    try (Client client = new Client(Protocol.GRPC, Pooling.SHARED, "pick-first", 4)) {
      client.caller.connect();
      assertThat(client.answers(20)).hasSize(1);
      assertThat(client.ledger.entries()).hasSize(1);
    }
  }

  @Test
  void leastRequestGoesToAllPods() throws Exception {
    try (Client client = new Client(Protocol.HTTP2, Pooling.SHARED, "least-request", 4)) {
      client.caller.connect();
      assertThat(client.answers(100)).hasSize(4);
    }
  }

  /** WebSockets of a client know of each other: as many to each pod. */
  @Test
  void webSocketsGoWhereFewestAre() throws Exception {
    try (Client client =
        new Client(Protocol.WEBSOCKET, Pooling.DEDICATED, "least-connections", 4)) {
      client.caller.connect();
      for (int i = 0; i < 7; i++) {
        client.another().connect();
      }
      assertThat(
              client.ledger.entries().stream()
                  .collect(Collectors.groupingBy(e -> e.remote().getPort(), Collectors.counting()))
                  .values())
          .containsExactly(2L, 2L, 2L, 2L);
    }
  }
}
