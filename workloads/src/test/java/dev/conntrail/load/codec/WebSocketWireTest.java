package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
import static dev.conntrail.load.codec.Talk.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455. */
class WebSocketWireTest {
  private static final byte[] KEY = Base64.getDecoder().decode("dGhlIHNhbXBsZSBub25jZQ==");
  private static final String OWN = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final String WELCOME =
      HexFormat.of()
          .formatHex(
              ascii(
                  String.join(
                      "\r\n",
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Accept: " + OWN,
                      "",
                      "")));

  private static Wire wire(Wire.Listener listener) {
    return new WebSocketWire(
        "a:1", "/ws", List.of(), KEY, ascii("echo"), new SplittableRandom(3), listener);
  }

  private static List<String> heard(String frames) {
    return Talk.heard(WebSocketWireTest::wire, hex(WELCOME), hex(frames));
  }

  /** The key and what answers it are the RFC's own (section 1.3). */
  @Test
  void theHandshake() {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    assertThat(new String(talk.out.toBytes(), StandardCharsets.US_ASCII))
        .startsWith("GET /ws HTTP/1.1\r\nHost: a:1\r\n")
        .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Version: 13");
    assertThat(talk.wire.ready()).isFalse();
    talk.comes(hex(WELCOME));
    assertThat(talk.wire.ready()).isTrue();
    Talk none = Talk.of(WebSocketWireTest::wire);
    none.comes(ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    assertThat(none.heard)
        .containsExactly(
            "broken: the server does not change to WebSocket: HTTP status 404; mend: a --path where it does, or another --protocol");
  }

  /** Section 4.1: what must be there, and what may not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upgrade: WebSocket, connection: keep-alive,upgrade, sec-websocket-accept: OWN |",
        "upgrade: websocket, connection: close, connection: UPGRADE, sec-websocket-accept: OWN |",
        "connection: upgrade, sec-websocket-accept: OWN | no Upgrade: websocket",
        "upgrade: h2c, connection: upgrade, sec-websocket-accept: OWN | no Upgrade: websocket",
        "upgrade: websocket, sec-websocket-accept: OWN | no Connection: Upgrade",
        "upgrade: websocket, connection: upgrades, sec-websocket-accept: OWN"
            + " | no Connection: Upgrade",
        "upgrade: websocket, connection: upgrade | Sec-WebSocket-Accept is not its own",
        "upgrade: websocket, connection: upgrade, sec-websocket-accept: x"
            + " | Sec-WebSocket-Accept is not its own",
        "upgrade: websocket, connection: upgrade, sec-websocket-accept: OWN,"
            + " sec-websocket-extensions: permessage-deflate"
            + " | it uses an extension, and this client has none",
        "upgrade: websocket, connection: upgrade, sec-websocket-accept: OWN,"
            + " sec-websocket-protocol: chat | it uses a subprotocol that nobody asked for",
      })
  void whatAHandshakeMustSayAndMayNot(String fields, String otherwise) {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    String lines = fields.replace(", ", "\r\n").replace("OWN", OWN);
    boolean well = talk.comes(ascii("HTTP/1.1 101 OK\r\n" + lines + "\r\n\r\n"));
    assertThat(well).as("%s", talk.heard).isEqualTo(otherwise == null);
    if (!well) {
      assertThat(talk.heard)
          .containsExactly("broken: the server does not change to WebSocket: " + otherwise);
    }
  }

  @ParameterizedTest
  @CsvSource({"chat, true", "superchat, true", "quiet, false"})
  void aSubprotocolThatWasAskedForMayBeUsed(String protocol, boolean well) {
    List<Http1Request.Field> asks =
        List.of(new Http1Request.Field("sec-websocket-protocol", "superchat, chat"));
    Talk talk =
        Talk.of(l ->
            new WebSocketWire("a:1", "/ws", asks, KEY, ascii("echo"), new SplittableRandom(3), l));
    String welcome = new String(hex(WELCOME), StandardCharsets.US_ASCII).strip();
    String said = welcome + "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n";
    assertThat(talk.comes(ascii(said))).as("%s", talk.heard).isEqualTo(well);
  }

  @Test
  void whatIsSentIsMasked() {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.out.clear();
    talk.comes(hex(WELCOME));
    byte[] frame = talk.out.toBytes();
    assertThat(Arrays.copyOf(frame, 2)).isEqualTo(hex("8184"));
    byte[] payload = Arrays.copyOfRange(frame, 6, 10);
    for (int i = 0; i < 4; i++) {
      payload[i] ^= frame[2 + i];
    }
    assertThat(payload).isEqualTo(ascii("echo"));
  }

  @ParameterizedTest
  @CsvSource({"c3a9, 81", "c3, 82", "ff00, 82"})
  void whatIsNoTextIsSentAsBinary(String message, String first) {
    Wire wire =
        new WebSocketWire(
            "a:1", "/ws", List.of(), KEY, hex(message), new SplittableRandom(3), new Talk());
    Output out = new Output();
    wire.request(out);
    assertThat(Arrays.copyOf(out.toBytes(), 1)).isEqualTo(hex(first));
  }

  /** Section 5.7. */
  @Test
  void messagesWholeAndInPieces() {
    assertThat(heard("8105 48656c6c6f")).containsExactly("200 Hello");
    assertThat(heard("0103 48656c 8002 6c6f 8100 8203 000102"))
        .containsExactly("200 Hello", "200 ", "200 \0\1\2");
    assertThat(heard("0103 48656c 8905 48656c6c6f 8002 6c6f"))
        .as("a ping within a message")
        .containsExactly("200 Hello");
    assertThat(heard("0100 0001 61 0000 8000")).containsExactly("200 a");
    assertThat(heard("817e 0100" + "78".repeat(256))).containsExactly("200 " + "x".repeat(256));
  }

  private static String cut(String frames) {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.comes(hex(frames));
    return talk.wire.cut(talk.waiting());
  }

  @Test
  void howMuchCameOfAMessageThatIsNotWhole() {
    assertThat(cut("8105 48656c6c6f")).isEmpty();
    assertThat(cut("8105 4865")).isEqualTo("2 of 5 bytes of its message");
    assertThat(cut("0103 48656c")).isEqualTo("3 bytes of its message");
    assertThat(cut("81")).isEqualTo("1 byte of a frame");
  }

  @Test
  void aPingIsAnsweredWithItsPayload() {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.out.clear();
    talk.comes(hex("8905 48656c6c6f"));
    byte[] pong = talk.out.toBytes();
    assertThat(Arrays.copyOf(pong, 2)).isEqualTo(hex("8a85"));
    for (int i = 0; i < 5; i++) {
      pong[6 + i] ^= pong[2 + i % 4];
    }
    assertThat(Arrays.copyOfRange(pong, 6, 11)).isEqualTo(ascii("Hello"));
  }

  @Test
  void theServerCloses() {
    assertThat(heard("8802 03e9"))
        .containsExactly("leaving", "refused: WebSocket closed by the peer, code 1001");
    assertThat(heard("8101 61 8800"))
        .containsExactly("200 a", "leaving", "refused: WebSocket closed by the peer, code 1005");
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.out.clear();
    talk.comes(hex("8804 03e9 6279"));
    assertThat(code(talk.out.toBytes())).isEqualTo(1001);
    assertThat(talk.wire.spent()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "8181 00000000 61, 1002", // masked
    "8000, 1002", // the rest of nothing
    "010161 810162, 1002", // a message within a message
    "0900, 1002", // a ping in pieces
    "897e 007e, 1002", // a ping that is too long
    "817e 007d, 1002", // a length that is longer than it must be
    "817f 0000000000000080, 1002",
    "8801 03, 1002", // half a code
    "8803 03e8 ff, 1007",
    "8102 c0af, 1007", // overlong
    "8103 eda080, 1007", // a surrogate
    "8102 e282, 1007", // cut off
    "8104 f4908080, 1007", // beyond the last character
  })
  void whatBreaksTheProtocolIsClosedWithItsCode(String frames, int code) {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.out.clear();
    talk.comes(hex(frames));
    assertThat(talk.heard).last().asString().startsWith("broken: WebSocket: ");
    assertThat(code(talk.out.toBytes())).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
  void reservedBitsAndOpcodesAreRefusedWhereverTheyCome(int first) {
    int opcode = (first & 0xf) == 0 ? 1 : 0;
    for (String before : List.of("", "8101 61", "0101 61", "0101 61 8900")) {
      Talk talk = Talk.of(WebSocketWireTest::wire).again();
      talk.comes(hex(WELCOME + before));
      talk.out.clear();
      assertThat(talk.comes(new byte[] {(byte) (0x80 | first | opcode), 0})).isFalse();
      assertThat(code(talk.out.toBytes())).isEqualTo(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999})
  void closeCodesThatMayBeSentAreSentBack(int code) {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.out.clear();
    assertThat(talk.comes(hex("887d %04x".formatted(code) + "72".repeat(123)))).isTrue();
    assertThat(code(talk.out.toBytes())).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void closeCodesThatMayNotBeSentAreRefused(int code) {
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    talk.out.clear();
    assertThat(talk.comes(hex("8802 %04x".formatted(code)))).isFalse();
    assertThat(code(talk.out.toBytes())).isEqualTo(1002);
  }

  /** Of the one frame that was sent, a close. */
  private static int code(byte[] close) {
    assertThat(Arrays.copyOf(close, 2)).isEqualTo(hex("8882"));
    return (((close[6] ^ close[2]) & 0xff) << 8) | ((close[7] ^ close[3]) & 0xff);
  }

  /** The lengths around those where the head of a frame grows. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 100_000})
  void messagesOfAllLengths(int length) {
    String head =
        length < 126
            ? "%02x".formatted(length)
            : length < 65_536 ? "7e%04x".formatted(length) : "7f%016x".formatted(length);
    Talk talk = Talk.of(WebSocketWireTest::wire);
    talk.comes(hex(WELCOME));
    assertThat(talk.comes(hex("81" + head + "78".repeat(length)))).isTrue();
    assertThat(talk.heard)
        .containsExactly(
            "200 "
                + "x".repeat(Math.min(length, Body.KEPT))
                + (length > Body.KEPT ? " of " + length : ""));
  }

  @Test
  void textMayBeCutWithinACharacter() {
    assertThat(heard("0102 e282 8001 ac")).containsExactly("200 \u00e2\u0082\u00ac");
  }

  @Test
  void damageNeverCrashes() {
    byte[] well =
        hex(
            WELCOME
                + "8105 48656c6c6f 0103 48656c 8905 48656c6c6f 8002 6c6f 817e 0080"
                + "78".repeat(128)
                + "8802 03e8");
    Damage.of(well, 20_000, () -> Talk.of(WebSocketWireTest::wire).again());
    SplittableRandom random = new SplittableRandom(2);
    Damage.noise(
        10_000,
        random,
        () -> {
          Talk talk = Talk.of(WebSocketWireTest::wire).again();
          talk.comes(hex(WELCOME));
          return talk;
        });
  }
}
