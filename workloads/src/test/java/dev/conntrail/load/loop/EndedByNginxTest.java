package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.echo.EchoPods;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.load.Engine;
import dev.conntrail.load.LibraryEngine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.codec.NginxServer;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * nginx ends each connection after some requests, in HTTP/1.1 by its {@code Connection: close}, in
 * HTTP/2 by GOAWAY, after which it says nothing of what comes: requests go to the next connection.
 */
@Timeout(120)
class EndedByNginxTest {
  private static final int REQUESTS = 7;

  private EchoServer echo;
  private NginxServer nginx;

  @BeforeEach
  void serve() throws IOException, InterruptedException {
    echo = EchoPods.serve(1);
    nginx =
        new NginxServer(
            at(echo.pods().getFirst().httpPort()), at(echo.pods().getFirst().grpcPort()), REQUESTS);
    assumeThat(nginx.here()).as("nginx, which scripts/test.sh gets").isTrue();
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    nginx.stop();
    echo.close();
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private LoadOutcome run(ClientKind client, Protocol protocol, int callers, int rate)
      throws InterruptedException {
    InetSocketAddress port =
        switch (protocol) {
          case HTTP1 -> nginx.http1();
          case HTTP2 -> nginx.http2();
          default -> nginx.grpc();
        };
    LoadPlan plan =
        new LoadPlan(
            new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "c", "n", 0, 1),
            LoadPlan.Callers.plain(
                callers, List.of("127.0.0.1:" + port.getPort()), protocol, Pooling.DEDICATED),
            new LoadModel.Constant(rate),
            new Phases(
                Duration.ZERO, Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20)),
            client);
    Engine engine =
        client == ClientKind.LOOP
            ? new LoopEngine()
            : new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c));
    return engine.run(plan, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
  }

  private long served() {
    return echo.ledgers().stream()
        .flatMap(l -> l.take().stream())
        .mapToLong(PodLedger.Connection::requests)
        .sum();
  }

  /** All is answered once, and what the ledger has is what nginx and the echo saw. */
  private void nothingIsLost(LoadOutcome outcome, long accepted, long answered) throws IOException {
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(answered);
    assertThat(outcome.ledger())
        .hasSize((int) (nginx.accepted() - accepted))
        .allMatch(row -> row.requests() <= REQUESTS);
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::requests).sum()).isEqualTo(served());
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP1", "HTTP2", "GRPC"})
  void bothClientsLoseNothing(Protocol protocol) throws Exception {
    long before = nginx.accepted();
    LoadOutcome library = run(ClientKind.LIBRARY, protocol, 4, 200);
    nothingIsLost(library, before, 100);
    before = nginx.accepted();
    LoadOutcome loop = run(ClientKind.LOOP, protocol, 4, 200);
    nothingIsLost(loop, before, 100);
    assertThat(loop.ledger()).hasSameSizeAs(library.ledger());
  }

  /** Requests are on their way when GOAWAY comes: nginx passes over them. */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP2", "GRPC"})
  void whatIsUnderWayGoesToTheNext(Protocol protocol) throws Exception {
    long before = nginx.accepted();
    nothingIsLost(run(ClientKind.LOOP, protocol, 1, 2000), before, 1000);
  }
}
