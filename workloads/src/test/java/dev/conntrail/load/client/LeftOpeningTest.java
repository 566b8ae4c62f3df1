package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.record.Ledger;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that ends while a connection is being opened takes it with it. */
class LeftOpeningTest {
  private static final int LIMIT_S = 20;

  @ParameterizedTest
  @EnumSource(names = {"WEBSOCKET", "GRPC", "GRPC_STREAM"})
  void whatIsBeingOpenedIsClosedToo(Protocol protocol) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
      ProtocolClient client = client(protocol, silent, new Ledger());
      Caller caller = client.caller(Pick.only(address(silent)));
      Thread opening = Thread.ofVirtual().start(() -> connect(caller));
      try (Socket taken = silent.accept()) {
        taken.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
        assertThat(taken.getInputStream().read()).as("it has begun to speak").isNotNegative();
        caller.close();
        client.close();
        taken.getInputStream().readAllBytes(); // ends, or it would time out
        opening.interrupt();
      }
    }
  }

  /** Its thread may come to run when the run is over: what it opened nobody would have noted. */
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2", "SHORT_LIVED", "WEBSOCKET"})
  void aCallerThatIsClosedOpensNothing(Protocol protocol) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Ledger ledger = new Ledger();
      ProtocolClient client = client(protocol, silent, ledger);
      Caller caller = client.caller(Pick.only(address(silent)));
      caller.close();
      CompletableFuture<String> answer = PlainClients.send(caller);
      client.close();
      assertThatThrownBy(() -> answer.get(LIMIT_S, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      assertThat(ledger.entries()).isEmpty();
      silent.setSoTimeout(300);
      assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static InetSocketAddress address(ServerSocket server) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  /** One of WebSocket. */
  static ProtocolClient client(ServerSocket server, Ledger ledger) {
    return client(Protocol.WEBSOCKET, server, ledger);
  }

  private static ProtocolClient client(Protocol protocol, ServerSocket server, Ledger ledger) {
    String target = "127.0.0.1:" + server.getLocalPort();
    return ProtocolClients.of(
        LoadPlan.Callers.plain(1, List.of(target), protocol, Pooling.DEDICATED),
        PlainClients.connections(target, ledger));
  }

  private static void connect(Caller caller) {
    try {
      caller.connect(_ -> {});
    } catch (Exception e) {
      // nobody answers
    }
  }
}
