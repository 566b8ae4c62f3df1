package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Ledger;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
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
      String address = "127.0.0.1:" + silent.getLocalPort();
      ProtocolClient client =
          ProtocolClients.of(
              LoadPlan.Callers.plain(1, List.of(address), protocol, Pooling.DEDICATED),
              new Connections(
                  new Targets(List.of(address)),
                  new Ledger(),
                  new Recording(),
                  () -> false,
                  new KeepAlives(KeepAlive.NONE, 1),
                  new LocalPorts(0),
                  Lifetimes.ENDLESS,
                  () -> true,
                  () -> {}));
      Caller caller =
          client.caller(
              Pick.only(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort())));
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

  private static void connect(Caller caller) {
    try {
      caller.connect();
    } catch (Exception e) {
      // nobody answers
    }
  }
}
