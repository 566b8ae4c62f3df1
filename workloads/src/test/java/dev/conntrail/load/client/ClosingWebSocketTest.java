package dev.conntrail.load.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A server that says goodbye, and takes its time to close. */
class ClosingWebSocketTest {
  private static final int LIMIT_S = 20;
  private static final String LINE = "pod-1";
  private static final byte[] RESTARTS = {(byte) 0x88, 2, 1012 >> 8, (byte) (1012 & 0xff)};
  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

  @Test
  void afterItsCloseFrameTheNextRequestHasAConnectionOfItsOwn() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
      Ledger ledger = new Ledger();
      try (ProtocolClient client = LeftOpeningTest.client(server, ledger);
          Caller caller =
              client.caller(
                  Pick.only(
                      new InetSocketAddress(
                          InetAddress.getLoopbackAddress(), server.getLocalPort())))) {
        CompletableFuture<String> one = PlainClients.send(caller);
        try (Socket first = opened(server)) {
          answer(first);
          assertThat(one.get(LIMIT_S, TimeUnit.SECONDS)).isEqualTo(LINE);
          first.getOutputStream().write(RESTARTS);
          while (!ledger.entries().getFirst().leaving()) {
            Thread.onSpinWait();
          }
          CompletableFuture<String> other = PlainClients.send(caller);
          try (Socket second = opened(server)) {
            answer(second);
            assertThat(other.get(LIMIT_S, TimeUnit.SECONDS)).isEqualTo(LINE);
          }
        }
      }
      assertThat(ledger.entries())
          .hasSize(2)
          .anySatisfy(e -> assertThat(e.death()).isEqualTo(Death.GOODBYE));
    }
  }

  private static Socket opened(ServerSocket server) throws Exception {
    Socket socket = server.accept();
    StringBuilder asked = new StringBuilder();
    while (asked.indexOf("\r\n\r\n") < 0) {
      asked.append((char) socket.getInputStream().read());
    }
    Matcher key = KEY.matcher(asked);
    assertThat(key.find()).isTrue();
    byte[] accept =
        MessageDigest.getInstance("SHA-1")
            .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(accept)
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    return socket;
  }

  private static void answer(Socket socket) throws IOException {
    frame(socket);
    OutputStream out = socket.getOutputStream();
    out.write(new byte[] {(byte) 0x81, (byte) LINE.length()});
    out.write(LINE.getBytes(ISO_8859_1));
  }

  /** Reads one short masked frame. */
  private static void frame(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    assertThat(in.read()).isNotNegative();
    assertThat(in.readNBytes(4 + (in.read() & 0x7f))).isNotEmpty();
  }
}
