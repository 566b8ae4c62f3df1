package dev.conntrail.load;

import static dev.conntrail.load.LibraryRuns.DUE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.conntrail.echo.EchoPods;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.load.codec.OtherPort;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What client libraries make of a server of HTTP/1.1 that is no Conntrail echo. */
class OtherServersTest {
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
    String target = "127.0.0.1:" + server.getAddress().getPort();
    return LibraryRuns.run(target, protocol, Retries.OFF).requests();
  }

  /** The first exchange, which brings up the connection, has a status as requests have. */
  @Test
  void statusesAreCountedAndABodyThatIsNoEchosIsNamed() throws InterruptedException {
    LoadOutcome.Requests requests = run(Protocol.HTTP1);
    assertThat(requests.statuses()).isEqualTo(Map.of(2, (DUE + 2) / 2L, 5, DUE / 2L));
    assertThat(requests.errors())
        .isEqualTo(
            Map.of(
                "the body is no line of Conntrail's echo (POD NODE CONNECTION REQUEST):"
                    + " it begins with 'echo echo echo echo'; mend: of another server --pod-header"
                    + " NAME or --pod-pattern REGEX says where its replies name who answered,"
                    + " --no-pods that they do not",
                (DUE + 2) / 2L,
                "HTTP status 503",
                DUE / 2L));
  }

  /** The port of gRPC is grpc-java's, which speaks HTTP/2 alone. */
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SHORT_LIVED", "WEBSOCKET"})
  void thatItSpeaksHttp2AloneIsSaidWithTheMend(Protocol protocol) throws Exception {
    try (EchoServer echo = EchoPods.serve(1)) {
      String target = "127.0.0.1:" + echo.pods().getFirst().grpcPort();
      LoadOutcome.Requests requests = LibraryRuns.run(target, protocol, Retries.OFF).requests();
      assertThat(requests.answered()).isZero();
      assertThat(requests.errors()).containsOnlyKeys(OtherPort.http2().getMessage());
    }
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
