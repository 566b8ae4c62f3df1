package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cases of Autobahn's test suite, as a client, where {@code CONNTRAIL_WSTEST} names its
 * program, which {@code scripts/test.sh} gets where there is a Python 2.7: the wire reads and
 * answers, and what is more than it needs is added here, for the suite wants each message sent
 * back.
 */
@Tag("autobahn")
@Timeout(1800)
class AutobahnTest {
  private static final byte[] KEY = "0123456789abcdef".getBytes(US_ASCII);
  private static final String AGENT = "conntrail";

  @TempDir private Path folder;
  private InetSocketAddress server;
  private Process suite;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0)) {
      server = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
    Path spec = folder.resolve("spec.json");
    Files.writeString(
        spec,
        """
        {"url": "ws://127.0.0.1:%d", "outdir": "%s/reports", "webport": 0,
         "cases": ["*"], "exclude-cases": ["12.*", "13.*"], "exclude-agent-cases": {}}
        """
            .formatted(server.getPort(), folder));
    suite =
        new ProcessBuilder(
                System.getenv("CONNTRAIL_WSTEST"), "-m", "fuzzingserver", "-s", spec.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    while (suite.isAlive()) {
      try (Socket _ = new Socket(server.getAddress(), server.getPort())) {
        return;
      } catch (IOException _) {
        Thread.sleep(50);
      }
    }
    throw new IOException("the suite has ended: " + Files.readString(folder.resolve("log")));
  }

  @AfterEach
  void stop() {
    suite.destroy();
  }

  @Test
  void everyCaseButThoseOfCompression() throws IOException {
    int cases = Integer.parseInt(new String(new Echoing("/getCaseCount").run(), UTF_8));
    for (int i = 1; i <= cases; i++) {
      new Echoing("/runCase?case=" + i + "&agent=" + AGENT).run();
    }
    new Echoing("/updateReports?agent=" + AGENT).run();
    JsonNode results =
        new JsonMapper().readTree(folder.resolve("reports/index.json").toFile()).get(AGENT);
    Map<String, String> bad = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    results
        .properties()
        .forEach(one -> {
          String behavior = one.getValue().get("behavior").asString();
          String closing = one.getValue().get("behaviorClose").asString();
          counts.merge(behavior + " / " + closing, 1, Integer::sum);
          if (!List.of("OK", "INFORMATIONAL").contains(behavior)
              || !List.of("OK", "INFORMATIONAL").contains(closing)) {
            bad.put(one.getKey(), behavior + " / " + closing);
          }
        });
    System.out.println("Autobahn: " + counts);
    assertThat(bad).isEmpty();
    assertThat(results.size()).isEqualTo(cases).isGreaterThan(240);
  }

  /** A connection that sends back what it is sent. */
  private final class Echoing implements Wire.Listener {
    private final Output out = new Output();
    private final Output unsaid = new Output();
    private final WebSocketFrames frames = new WebSocketFrames(new SplittableRandom(1));
    private final Messages messages = new Messages();
    private final String path;
    private final Wire wire;
    private byte[] last = {};
    private byte[] left = {};

    Echoing(String path) {
      this.path = path;
      wire =
          new WebSocketWire(
              "127.0.0.1:" + server.getPort(),
              path,
              List.of(),
              KEY,
              new byte[0],
              new SplittableRandom(2),
              this);
    }

    /** Until the server ends the connection; the last message. */
    byte[] run() throws IOException {
      try (Socket socket = new Socket()) {
        socket.connect(server);
        wire.begin(out);
        flush(socket);
        InputStream in = socket.getInputStream();
        byte[] room = new byte[1 << 16];
        boolean welcomed = false;
        for (int n = in.read(room); n >= 0; n = in.read(room)) {
          byte[] came = joined(left, Arrays.copyOf(room, n));
          int head = welcomed ? 0 : new String(came, US_ASCII).indexOf("\r\n\r\n") + 4;
          if (!welcomed && head >= 4) {
            wire.consume(came, 0, head, out);
            wire.request(unsaid);
            welcomed = true;
          }
          if (welcomed) {
            messages.more(came, head == 0 ? left.length : head);
            left = consumed(came, head, socket);
          } else {
            left = came;
          }
          flush(socket);
        }
      } catch (ProtocolException | SocketException _) {
        // the wire has said its last words, or the suite has
      }
      return last;
    }

    /** What is left; the last words are said. */
    private byte[] consumed(byte[] came, int from, Socket socket) throws IOException {
      try {
        return Arrays.copyOfRange(came, wire.consume(came, from, came.length, out), came.length);
      } catch (ProtocolException e) {
        flush(socket);
        throw e;
      }
    }

    private void flush(Socket socket) throws IOException {
      socket.getOutputStream().write(out.array(), 0, out.length());
      out.clear();
    }

    @Override
    public void answered(int status, Body body) {
      Message message = messages.whole.remove();
      last = message.payload.toByteArray();
      assertThat(body.total()).isEqualTo(last.length);
      if (path.startsWith("/run")) {
        frames.write(out, message.opcode, last, 0, last.length);
      }
      unsaid.clear();
      wire.request(unsaid);
    }

    @Override
    public void refused(IOException why) {
      // the suite says whether that was right
    }

    @Override
    public void leaving() {
      // the same
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** A message, as far as it has come. */
  private static final class Message {
    private final int opcode;
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();

    Message(int opcode) {
      this.opcode = opcode;
    }
  }

  /** All messages whole, of which a wire keeps but the first bytes: of frames that it takes. */
  private static final class Messages {
    private final Queue<Message> whole = new ArrayDeque<>();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private Message message;
    private long left;

    void more(byte[] in, int from) {
      int at = from;
      while (at < in.length) {
        if (left > 0) {
          int n = (int) Math.min(left, in.length - at);
          payload(in, at, n);
          at += n;
        } else {
          head.write(in[at++]);
          begins();
        }
      }
    }

    private void begins() {
      byte[] bytes = head.toByteArray();
      int length = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
      int wanted = length < 126 ? 2 : length == 126 ? 4 : 10;
      if (bytes.length < wanted) {
        return;
      }
      left = length;
      if (wanted > 2) {
        left = 0;
        for (int i = 2; i < wanted; i++) {
          left = (left << 8) | (bytes[i] & 0xff);
        }
      }
      int opcode = bytes[0] & 0xf;
      if (opcode == 1 || opcode == 2) {
        message = new Message(opcode);
      }
      if (left == 0) {
        payload(bytes, 0, 0);
      }
    }

    private void payload(byte[] in, int at, int count) {
      byte first = head.toByteArray()[0];
      boolean control = (first & 8) != 0;
      if (!control && message != null) {
        message.payload.write(in, at, count);
      }
      left -= count;
      if (left == 0) {
        head.reset();
        if (!control && message != null && first < 0) {
          whole.add(message);
          message = null;
        }
      }
    }
  }
}
