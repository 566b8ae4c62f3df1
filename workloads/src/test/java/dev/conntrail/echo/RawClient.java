package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A client that says bytes, and tells what comes in return. */
final class RawClient implements AutoCloseable {
  /** Those of HTTP/2, none. */
  static final String SETTINGS = "000000 04 00 00000000";

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int LIMIT_MS = 60_000;

  private final Socket socket;

  /** Connects to the first pod. */
  RawClient(EchoServer server) throws IOException {
    socket =
        new Socket(java.net.InetAddress.getLoopbackAddress(), server.pods().getFirst().httpPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MS);
  }

  /** Connects, and has said and heard what comes before all else in HTTP/2. */
  static RawClient http2(EchoServer server, String settings) throws IOException {
    RawClient client = new RawClient(server).says(PREFACE).hex(settings);
    assertThat(client.frame()).startsWith("4/0/0 0006");
    assertThat(client.frame()).isEqualTo("4/1/0 ");
    return client;
  }

  RawClient says(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RawClient hex(String bytes) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(bytes.replaceAll("\\s", "")));
    return this;
  }

  /** What comes until it is like this. */
  String until(String like) throws IOException {
    Pattern end = Pattern.compile(".*" + like, Pattern.DOTALL);
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    while (!end.matcher(heard.toString(StandardCharsets.ISO_8859_1)).matches()) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("the end, after: " + heard.toString(StandardCharsets.ISO_8859_1));
      }
      heard.write(next);
    }
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * Says these bytes and no more; what comes until the server ends its side, in order or not.
   *
   * @throws java.net.SocketTimeoutException if it does not
   */
  byte[] saysLast(byte[] bytes) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (SocketException _) {
      // the server has ended it already
    }
    try {
      socket.getInputStream().transferTo(heard);
    } catch (SocketException _) {
      // it is reset: not all that was said was read
    }
    return heard.toByteArray();
  }

  /** What comes until the server ends its side. */
  String toTheEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /**
   * The next frame of HTTP/2, {@code TYPE/FLAGS/STREAM PAYLOAD}, in hexadecimal but for data; empty
   * at the end.
   */
  String frame() throws IOException {
    byte[] head = socket.getInputStream().readNBytes(9);
    if (head.length < 9) {
      return "";
    }
    int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    byte[] payload = socket.getInputStream().readNBytes(length);
    String text =
        head[3] == 0
            ? new String(payload, StandardCharsets.ISO_8859_1)
            : HexFormat.of().formatHex(payload);
    return head[3] + "/" + head[4] + "/" + head[8] + " " + text;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
