package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.PlainClients;
import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are given up after some time, or some requests, by either side. */
class RecycledConnectionsTest {
  private static final int MS = 1_000_000;
  private EchoServer server;

  @BeforeEach
  void serve() throws IOException {
    server =
        new EchoServer(
            List.of(new EchoPod("pod-1", "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO)), 1);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private CuredClient client(Protocol protocol, Pooling pooling, String cure) {
    return new CuredClient(server, protocol, pooling, cure, 1);
  }

  private void recycle(String cure) throws IOException {
    server.recycle(List.of("pod-1"), Cure.parse(cure).byServer());
  }

  /** What each connection carried, as the pod counted, in order. */
  private List<Long> carried() {
    return server.ledgers().getFirst().take().stream().map(PodLedger.Connection::requests).toList();
  }

  private static void ended(LedgerEntry entry) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CuredClient.LIMIT_S);
    while (entry.death() == Death.OPEN && System.nanoTime() < end) {
      Thread.sleep(2);
    }
  }

  /** Sends until there are so many connections; requests that fail are left out. */
  private static void until(CuredClient client, int connections) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CuredClient.LIMIT_S);
    while (client.ledger.entries().size() < connections) {
      assertThat(System.nanoTime()).isLessThan(end);
      client.tryOnce();
      Thread.sleep(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"SHORT_LIVED"},
      mode = EnumSource.Mode.EXCLUDE)
  void aClientGivesUpAConnectionAfterSoManyRequests(Protocol protocol) throws Exception {
    try (CuredClient client = client(protocol, Pooling.DEDICATED, "max-requests=5")) {
      client.connect();
      int sent = protocol == Protocol.WEBSOCKET ? 20 : 19; // others connect by a request
      assertThat(client.answers(sent).values()).containsExactly(sent);
      List<LedgerEntry> ledger = client.ledger.entries();
      assertThat(ledger).hasSize(4);
      for (LedgerEntry entry : ledger.subList(0, 3)) {
        ended(entry);
        assertThat(entry.death()).isEqualTo(Death.RETIRED);
      }
      assertThat(carried()).containsExactly(5L, 5L, 5L, 5L);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"SHORT_LIVED"},
      mode = EnumSource.Mode.EXCLUDE)
  void aClientGivesUpAConnectionThatIsOldEnough(Protocol protocol) throws Exception {
    try (CuredClient client = client(protocol, Pooling.DEDICATED, "max-age=150ms,jitter=grpc")) {
      long beganNs = System.nanoTime();
      client.connect();
      while (client.ledger.entries().size() < 4) {
        assertThat(System.nanoTime() - beganNs).isLessThan(CuredClient.LIMIT_S * 1000L * MS);
        client.pod();
        Thread.sleep(2);
      }
      assertThat(System.nanoTime() - beganNs)
          .as("three reached nine tenths of the age at least")
          .isGreaterThanOrEqualTo(3 * 135L * MS);
      for (LedgerEntry entry : client.ledger.entries().subList(0, 3)) {
        ended(entry);
        assertThat(entry.death()).isEqualTo(Death.RETIRED);
      }
    }
  }

  /**
   * Callers share connections, in use all the time: none breaks, none carries more than its number,
   * and nearly all carry just that. OkHttp may open several at once for a burst of calls; it keeps
   * one, and closes the others unused, or after the call that had come to them.
   */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP2", "GRPC"})
  void aSharedConnectionIsGivenUpWithoutLoss(Protocol protocol) throws Exception {
    try (CuredClient client =
        client(protocol, Pooling.SHARED, "max-requests=20+connections-per-client=2")) {
      List<Caller> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(client.another());
      }
      for (int round = 0; round < 50; round++) {
        List<CompletableFuture<String>> lines = callers.stream().map(PlainClients::send).toList();
        for (CompletableFuture<String> line : lines) {
          assertThat(line.get(CuredClient.LIMIT_S, TimeUnit.SECONDS)).startsWith("pod-1 ");
        }
      }
      List<Long> carried = carried();
      assertThat(carried).allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(20));
      assertThat(carried.stream().mapToLong(Long::longValue).sum()).isEqualTo(400);
      assertThat(carried.stream().filter(n -> n == 20)).hasSizeGreaterThanOrEqualTo(16);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP2", "GRPC"})
  void asManyConnectionsAsAskedForAreTakenInTurn(Protocol protocol) throws Exception {
    try (CuredClient client = client(protocol, Pooling.SHARED, "connections-per-client=3")) {
      assertThat(client.answers(30).values()).containsExactly(30);
      assertThat(carried()).containsExactly(10L, 10L, 10L); // one call at a time
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP1, 19", "HTTP2, 19"})
  void aPodHasTheClientLeaveAfterSoManyRequests(Protocol protocol, int sent) throws Exception {
    recycle("max-requests=5,by=server");
    try (CuredClient client = client(protocol, Pooling.DEDICATED, "none")) {
      client.connect();
      assertThat(client.answers(sent).values()).containsExactly(sent);
      List<PodLedger.Connection> pods = server.ledgers().getFirst().take();
      assertThat(client.ledger.entries().stream().limit(3).toList())
          .allSatisfy(e -> {
            ended(e);
            assertThat(e.death()).isEqualTo(Death.GOODBYE);
          });
      // HTTP/2 may have sent another before it heard of it
      assertThat(pods.stream().limit(3))
          .allSatisfy(c -> {
            assertThat(c.closedBy()).isEqualTo(ClosedBy.GOODBYE);
            assertThat(c.requests()).isBetween(5L, protocol == Protocol.HTTP1 ? 5L : 7L);
          });
    }
  }

  @Test
  void aPodClosesAWebSocketAfterSoManyRequests() throws Exception {
    recycle("max-requests=5,by=server");
    try (CuredClient client = client(Protocol.WEBSOCKET, Pooling.DEDICATED, "none")) {
      client.connect();
      until(client, 4);
      for (LedgerEntry e : client.ledger.entries().subList(0, 3)) {
        ended(e);
        assertThat(e.death()).isEqualTo(Death.GOODBYE);
      }
      assertThat(carried().subList(0, 3)).containsExactly(5L, 5L, 5L);
    }
  }

  /** grpc-java's own age, and its own jitter; a stream gets a second more, and is ended. */
  @ParameterizedTest
  @CsvSource({
    "HTTP1, 'max-age=200ms,by=server', 200", "HTTP2, 'max-age=200ms,by=server', 200",
    "WEBSOCKET, 'max-age=200ms,by=server', 200", "GRPC, 'max-age=1s,jitter=grpc,by=server', 900",
    "GRPC_STREAM, 'max-age=1s,jitter=grpc,by=server', 900"
  })
  void aPodHasTheClientLeaveAfterSomeTime(Protocol protocol, String cure, long leastMs)
      throws Exception {
    recycle(cure);
    try (CuredClient client = client(protocol, Pooling.DEDICATED, "none")) {
      client.connect();
      until(client, 3);
      for (LedgerEntry e : client.ledger.entries().subList(0, 2)) {
        ended(e);
        assertThat(e.death()).isEqualTo(Death.GOODBYE);
        assertThat(e.diedNs() - e.bornNs() + 5L * MS).isGreaterThanOrEqualTo(leastMs * MS);
      }
    }
    server.recycle(List.of("pod-1"), Optional.empty());
    server.ledgers().getFirst().take();
    try (CuredClient client = client(protocol, Pooling.DEDICATED, "none")) {
      client.connect();
      assertThat(client.answers(20).values()).containsExactly(20);
      assertThat(client.ledger.entries()).hasSize(1);
    }
  }
}
