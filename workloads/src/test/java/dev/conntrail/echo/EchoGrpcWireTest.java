package dev.conntrail.echo;

import static dev.conntrail.echo.Http2Hex.block;
import static dev.conntrail.echo.Http2Hex.frame;
import static dev.conntrail.echo.Http2Hex.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.echo.v1.EchoReply;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of gRPC on the port of HTTP, by their frames: as gRPC over HTTP/2 has them. */
@Timeout(120)
class EchoGrpcWireTest {
  private static final String UNARY = "/conntrail.v1.Echo/Unary";
  private static final String STREAM = "/conntrail.v1.Echo/Stream";
  private static final String GRPC = "application/grpc";

  /** Uncompressed, of no bytes. */
  private static final String EMPTY = "0000000000";

  private static final String HEAD = "880f1010" + hex(GRPC);
  private static final String STATUS = "000b" + hex("grpc-status");
  private static final String OK = STATUS + "0130";

  @RegisterExtension static final ServedEcho ECHO = new ServedEcho();

  private static RawClient connected() throws IOException {
    return RawClient.http2(ECHO.server(), RawClient.SETTINGS);
  }

  private static String call(int stream, String path) {
    return frame(1, 4, stream, block(path, GRPC));
  }

  private static String message(int stream, String bytes) {
    return frame(0, 0, stream, bytes);
  }

  private static String last(int stream, String bytes) {
    return frame(0, 1, stream, bytes);
  }

  /** The request that a reply counts, of a frame that has just this reply. */
  private static long reply(RawClient client, int stream) throws IOException {
    String frame = client.frame();
    assertThat(frame).startsWith("0/0/" + stream + " ");
    byte[] data = frame.substring(frame.indexOf(' ') + 1).getBytes(ISO_8859_1);
    assertThat(data[0]).isZero();
    assertThat(new BigInteger(1, data, 1, 4).intValueExact()).isEqualTo(data.length - 5);
    String line = EchoReply.parseFrom(Arrays.copyOfRange(data, 5, data.length)).getLine();
    assertThat(line).matches("pod-1 node-1 \\d+ \\d+");
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static void head(RawClient client, int stream) throws IOException {
    assertThat(client.frame()).isEqualTo("1/4/" + stream + " " + HEAD);
  }

  private static void ends(RawClient client, int stream) throws IOException {
    assertThat(client.frame()).isEqualTo("1/5/" + stream + " " + OK);
  }

  private static void answered(RawClient client, int stream, long request) throws IOException {
    head(client, stream);
    assertThat(reply(client, stream)).isEqualTo(request);
    ends(client, stream);
  }

  @ParameterizedTest
  @ValueSource(strings = {GRPC, GRPC + "+proto", GRPC + ";charset=utf-8"})
  void aCallIsWhatItsTypeSaysHoweverOften(String type) throws IOException {
    try (RawClient client = connected()) {
      for (int i = 0; i < 3; i++) {
        int stream = 2 * i + 1;
        client.hex(frame(1, 4, stream, block(UNARY, type)) + last(stream, EMPTY));
        answered(client, stream, i + 1);
      }
      client.hex(frame(1, 4, 7, block(UNARY, GRPC + "x")) + last(7, EMPTY));
      assertThat(client.frame()).as("no gRPC").startsWith("1/4/7 880f100a" + hex("text/plain"));
      assertThat(client.frame()).startsWith("0/1/7 pod-1 node-1 ").endsWith(" 4");
      client.hex(frame(1, 4, 9, block(UNARY, type)) + last(9, EMPTY));
      answered(client, 9, 5);
    }
  }

  /** Three messages, one of them with three bytes, in pieces of each size; with padding. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 11, 18})
  void messagesAreWholeWhereverTheyAreCut(int piece) throws IOException {
    String all = EMPTY + "0000000003 120161".replace(" ", "") + EMPTY;
    try (RawClient client = connected()) {
      client.hex(call(1, STREAM));
      head(client, 1);
      for (int at = 0; at < all.length(); at += 2 * piece) {
        String cut = all.substring(at, Math.min(all.length(), at + 2 * piece));
        client.hex(frame(0, 8, 1, "02" + cut + "0000"));
      }
      for (int i = 1; i <= 3; i++) {
        assertThat(reply(client, 1)).isEqualTo(i);
      }
      client.hex(message(1, "") + last(1, ""));
      ends(client, 1);
    }
  }

  @Test
  void aStreamHasItsHeadAtOnceAndManyReplies() throws IOException {
    int messages = 5_000;
    try (RawClient client = connected()) {
      client.hex(call(1, STREAM));
      head(client, 1);
      client.hex(call(3, UNARY) + last(3, EMPTY));
      answered(client, 3, 1);
      for (int i = 0; i < messages; i += 500) {
        client.hex(frame(8, 0, 1, "00008000") + frame(8, 0, 0, "00008000"));
        client.hex(message(1, EMPTY.repeat(500)));
        for (int j = 0; j < 500; j++) {
          assertThat(reply(client, 1)).isEqualTo(i + j + 2);
        }
      }
      client.hex(last(1, ""));
      ends(client, 1);
    }
  }

  /** None, then a part; the status waits behind the replies. */
  @Test
  void repliesWaitForTheWindows() throws IOException {
    try (RawClient client =
        RawClient.http2(ECHO.server(), "00000c 04 00 00000000 0004 00000000 0001 00000000")) {
      client.hex(call(1, UNARY) + last(1, EMPTY + EMPTY));
      assertThat(client.frame()).as("its table is not used").isEqualTo("1/4/1 20" + HEAD);
      client.hex(frame(8, 0, 1, "0000000a"));
      assertThat(client.frame()).matches("(?s)0/0/1 \0{4}.\n.pod");
      client.hex(call(3, STREAM));
      head(client, 3);
      client.hex(frame(8, 0, 1, "00000001"));
      assertThat(client.frame()).isEqualTo("0/0/1 -");
      client.hex(frame(4, 0, 0, "0004 00000002"));
      assertThat(client.frame()).isEqualTo("0/0/1 1 ");
      assertThat(client.frame()).isEqualTo("4/1/0 ");
      client.hex(frame(8, 0, 1, "00001000"));
      assertThat(client.frame()).matches("(?s)0/0/1 node-1 \\d+ 1\0{4}.\n.pod-1 node-1 \\d+ 2");
      ends(client, 1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/conntrail.v1.Echo/Lose  |            | 3132 | Method not found: conntrail.v1.Echo/Lose",
        "/%\u00e9/                |            | 3132 | Method not found: %25%E9/",
        "/conntrail.v1.Echo/Unary | 01         | 3132 | Compressed messages are not read",
        "/conntrail.v1.Echo/Unary | 0000400001 | 38   | gRPC message exceeds maximum size 4194304: 4194305",
      })
  void whatCannotBeAnsweredIsSaidAtOnce(String path, String bytes, String status, String why)
      throws IOException {
    String encoding = "0014" + hex("grpc-accept-encoding") + "08" + hex("identity");
    String fields =
        HEAD
            + STATUS
            + "%02x%s000c%s%02x%s"
                .formatted(status.length() / 2, status, hex("grpc-message"), why.length(), hex(why))
            + (why.startsWith("Compressed") ? encoding : "");
    try (RawClient client = connected()) {
      client.hex(call(1, path));
      if (bytes != null) {
        client.hex(message(1, bytes));
      }
      assertThat(client.frame()).isEqualTo("1/5/1 " + fields);
      assertThat(client.frame()).as("no more is wanted").isEqualTo("3/0/1 00000000");
      client.hex(message(1, EMPTY) + last(1, EMPTY) + call(3, UNARY) + last(3, EMPTY));
      answered(client, 3, 1);
    }
  }

  @Test
  void aLongNameIsSaidInPart() throws IOException {
    try (RawClient client = connected()) {
      // a length of 127 and more takes bytes of its own (RFC 7541, section 5.1)
      String path = "047fd10f" + hex("/" + "x".repeat(2127));
      client.hex(frame(1, 5, 1, "8386" + path + "0f1010" + hex(GRPC)));
      String said = client.frame();
      assertThat(said).startsWith("1/5/1 " + HEAD + STATUS + "023132000c" + hex("grpc-message"));
      assertThat(said).endsWith("7f9307" + hex("Method not found: " + "x".repeat(1024)));
    }
  }

  @Test
  void aCallEndsWithItsLastMessageOrWithinIt() throws IOException {
    try (RawClient client = connected()) {
      client.hex(frame(1, 5, 1, block(UNARY, GRPC)));
      assertThat(client.frame()).as("no message").isEqualTo("1/5/1 " + HEAD + OK);
      client.hex(call(3, STREAM) + last(3, EMPTY + "00000000"));
      head(client, 3);
      assertThat(reply(client, 3)).isEqualTo(1);
      assertThat(client.frame()).startsWith("1/5/3 " + STATUS + "023133000c");
      client.hex(call(5, UNARY) + frame(1, 5, 5, "")); // with fields behind
      assertThat(client.frame()).isEqualTo("1/5/5 " + HEAD + OK);
    }
  }

  @Test
  void aCallThatIsGivenUpIsNotAnswered() throws IOException {
    try (RawClient client = connected()) {
      client.hex(call(1, UNARY) + message(1, "0000") + frame(3, 0, 1, "00000008"));
      client.hex(call(3, STREAM) + message(3, EMPTY) + frame(3, 0, 3, "00000008"));
      client.hex(call(5, UNARY) + last(5, EMPTY));
      head(client, 3);
      assertThat(reply(client, 3)).isEqualTo(1);
      answered(client, 5, 2);
    }
  }

  @Test
  void messagesAreLetThrough() throws IOException {
    try (RawClient client = connected()) {
      client.hex(call(1, UNARY) + message(1, "000000bffb"));
      for (int i = 0; i < 3; i++) {
        client.hex(message(1, "00".repeat(0x4000 - (i == 0 ? 5 : 0))));
      }
      assertThat(client.frame()).isEqualTo("8/0/0 0000c000");
      head(client, 1);
      assertThat(reply(client, 1)).isEqualTo(1);
      assertThat(client.frame()).isEqualTo("8/0/1 0000c000");
      client.hex(last(1, ""));
      ends(client, 1);
    }
  }
}
