package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What client libraries make of a server of HTTP/1.1 that is no Conntrail echo. */
class OtherServersTest {
  private static final int DUE = 20;

  private final AtomicInteger came = new AtomicInteger();
  private HttpServer server;

  /** Every second request is refused by its status. */
  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "echo echo echo echo".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(came.getAndIncrement() % 2 == 0 ? 200 : 503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private LoadOutcome.Requests run(Protocol protocol) throws InterruptedException {
    Phases phases =
        new Phases(
            Duration.ZERO, Duration.ZERO, Duration.ofMillis(10 * DUE), Duration.ofSeconds(20));
    Cell cell =
        Cell.of(new Course(phases, List.of(), 1))
            .with(Axes.PROTOCOL, protocol)
            .with(Axes.CONNECTIONS, 1)
            .with(Axes.RATE, new LoadModel.Constant(100));
    String target = "127.0.0.1:" + server.getAddress().getPort();
    LoadPlan plan = LoadPlan.of("ct0a1b2c", cell, 1, "client-1", "node-1", 0, List.of(target));
    return new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c))
        .run(plan, new RunSignals(new CountDownLatch(1), System::nanoTime))
        .requests();
  }

  /** The first exchange, which brings up the connection, has a status as requests have. */
  @Test
  void statusesAreCountedAndABodyThatIsNoEchosIsNamed() throws InterruptedException {
    LoadOutcome.Requests requests = run(Protocol.HTTP1);
    assertThat(requests.statuses()).isEqualTo(Map.of(2, (DUE + 2) / 2L, 5, DUE / 2L));
    assertThat(requests.errors())
        .isEqualTo(
            Map.of(
                "IOException: the body is no line of Conntrail's echo (POD NODE CONNECTION REQUEST):"
                    + " it begins with 'echo echo echo echo'; mend: of another server --pod-header"
                    + " NAME or --pod-pattern REGEX says where its replies name who answered,"
                    + " --no-pods that they do not",
                (DUE + 2) / 2L,
                "IOException: HTTP status 503",
                DUE / 2L));
  }

  @ParameterizedTest
  @EnumSource(names = {"GRPC", "GRPC_STREAM"})
  void thatItSpeaksNoGrpcIsSaidWithTheMend(Protocol protocol) throws InterruptedException {
    LoadOutcome.Requests requests = run(protocol);
    assertThat(requests.statuses()).isEmpty();
    assertThat(requests.errors().keySet())
        .isNotEmpty()
        .allSatisfy(kind ->
            assertThat(kind)
                .contains("so the server may not speak ")
                .endsWith("; mend: a port where it does, or another --protocol"));
  }
}
