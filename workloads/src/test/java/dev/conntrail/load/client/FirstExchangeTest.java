package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody waits for ever for a server that says nothing, or is not there. */
class FirstExchangeTest {
  private static final FirstExchange SHORT = new FirstExchange(Duration.ofSeconds(3));

  @Test
  void whetherItWasConnectedIsSaid() {
    assertThat(FirstExchange.USUAL.late(true))
        .isEqualTo("connected, but the first exchange had no reply within 30 s");
    assertThat(FirstExchange.USUAL.late(false)).isEqualTo("Connection timed out");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2", "WEBSOCKET", "GRPC", "GRPC_STREAM"})
  void aServerThatTakesConnectionsAndSaysNothing(Protocol protocol) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertGivenUp(protocol, silent, "connected, but the first exchange had no reply within 3 s");
    }
  }

  /** The kernel drops who wants to connect where too many wait for a server that takes none. */
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2", "WEBSOCKET", "GRPC", "GRPC_STREAM"})
  void aServerThatTakesNoConnections(Protocol protocol) throws Exception {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      while (queued(full, queue)) {
        assertThat(queue).as("connections that wait").hasSizeLessThan(10);
      }
      assertGivenUp(protocol, full, "Connection timed out");
    } finally {
      for (Socket one : queue) {
        one.close();
      }
    }
  }

  private static boolean queued(ServerSocket server, List<Socket> queue) throws IOException {
    Socket one = new Socket();
    queue.add(one);
    try {
      one.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 1000);
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private static void assertGivenUp(Protocol protocol, ServerSocket server, String said) {
    String target = "127.0.0.1:" + server.getLocalPort();
    try (ProtocolClient client =
            ProtocolClients.of(
                LoadPlan.Callers.plain(1, List.of(target), protocol, Pooling.DEDICATED),
                PlainClients.connections(target, SHORT));
        Caller caller =
            client.caller(
                Pick.only(
                    new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.getLocalPort())))) {
      assertThatThrownBy(() -> caller.connect(_ -> {}))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage(said);
    }
  }
}
