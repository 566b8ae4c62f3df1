package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;

/**
 * The same messages by the loop's wire and by Java-WebSocket: the same answers, and the same that
 * the server hears beside them.
 */
final class WebSocketsCompared {
  private static final int TIMES = 2;

  private WebSocketsCompared() {}

  /** What Java-WebSocket makes of what is answered to a message. */
  private static final class Library extends WebSocketClient {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    Library(URI at) {
      super(at);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      // the test sends
    }

    @Override
    public void onMessage(String message) {
      heard.add(HttpCompared.text("200", message.getBytes(UTF_8)));
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
      byte[] body = new byte[bytes.remaining()];
      bytes.get(body);
      heard.add(HttpCompared.text("200", body));
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      if (remote) {
        heard.add("refused: WebSocket closed by the peer, code " + code);
      } else if (code != 1000) {
        heard.add(code + " " + reason);
      }
    }

    @Override
    public void onError(Exception e) {
      heard.add(e.toString());
    }

    List<String> requests() throws InterruptedException {
      assertThat(connectBlocking()).as("open %s", heard).isTrue();
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < TIMES && isOpen(); i++) {
        send("echo");
        replies.add(heard.poll(20, TimeUnit.SECONDS));
      }
      closeBlocking();
      return replies;
    }
  }

  /**
   * A message to a server's WebSocket, which answers in a way of its own.
   *
   * @param heard what it was said beside
   */
  static void same(InetSocketAddress server, List<String> heard, String how) throws Exception {
    String host = "127.0.0.1:" + server.getPort();
    List<String> library;
    List<String> saidByLibrary;
    int tries = 0;
    do {
      heard.clear();
      library = new Library(URI.create("ws://" + host + "/ws/" + how)).requests();
      saidByLibrary = said(heard);
      // the library may be gone before its close frame is heard
    } while (saidByLibrary.contains("close 1006") && ++tries < 10);
    Function<Wire.Listener, Wire> wires =
        l ->
            new WebSocketWire(
                host,
                "/ws/" + how,
                List.of(),
                "0123456789abcdef".getBytes(UTF_8),
                "echo".getBytes(UTF_8),
                new SplittableRandom(5),
                l);
    try (Dialog dialog = new Dialog(server, wires)) {
      assertThat(dialog.requests(library.size()))
          .extracting(Dialog.Heard::reply)
          .isEqualTo(library);
    }
    assertThat(said(heard)).isEqualTo(saidByLibrary);
  }

  /** What the server heard, up to the close. */
  private static List<String> said(List<String> heard) throws InterruptedException {
    while (heard.stream().noneMatch(s -> s.startsWith("close"))) {
      Thread.sleep(5);
    }
    List<String> said = List.copyOf(heard);
    heard.clear();
    return said;
  }
}
