package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
import static dev.conntrail.load.codec.Talk.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that goes on and on with what has to end: it is refused, or nothing heaps up. */
class EndlessRepliesTest {
  private static final int ALL = 4 << 20;
  private static final int PIECE = 4096;
  private static final byte[] KEY = ascii("the sample nonce");
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String SETTINGS = "000000 04 00 00000000";
  private static final String HEAD = SETTINGS + "000001 01 04 00000001 88";
  private static final String WELCOME =
      "HTTP/1.1 101 x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: "
          + "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  /** What is said again and again after a beginning, a character a byte. */
  record Endless(
      String name,
      Function<Wire.Listener, Wire> wire,
      String beginning,
      String again,
      boolean refused) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Wire http1(Wire.Listener l) {
    return new Http1Wire(Http1Request.of("GET", "a:1", "/", List.of(), new byte[0], false), "", l);
  }

  private static Wire http2(Wire.Listener l) {
    return new Http2RequestWire(
        Http2Request.of("GET", "a:1", "/", List.of(), new byte[0]), "", new HpackDecoder.Room(), l);
  }

  private static Wire grpc(Wire.Listener l) {
    return new GrpcWire(
        Http2Request.call("a:1", "a.B/C", List.of(), new byte[0]),
        true,
        "",
        new HpackDecoder.Room(),
        l);
  }

  private static Wire webSocket(Wire.Listener l) {
    return new WebSocketWire("a:1", "/", List.of(), KEY, ascii("x"), new SplittableRandom(1), l);
  }

  private static String bytes(String hex) {
    return new String(hex(hex), StandardCharsets.ISO_8859_1);
  }

  private static Endless text(String name, String beginning, String again, boolean refused) {
    return new Endless("HTTP/1.1 " + name, EndlessRepliesTest::http1, beginning, again, refused);
  }

  private static Endless frames(String name, String beginning, String again, boolean refused) {
    return new Endless(
        "HTTP/2 " + name, EndlessRepliesTest::http2, bytes(beginning), bytes(again), refused);
  }

  private static Endless messages(String name, String again, boolean refused) {
    return new Endless(
        "WebSocket " + name, EndlessRepliesTest::webSocket, WELCOME, bytes(again), refused);
  }

  private static Stream<Endless> replies() {
    String zeros = "00".repeat(1000);
    return Stream.of(
        text("line", "", "a", true),
        text("head", "HTTP/1.1 200 OK\r\n", "a: b\r\n", true),
        text("interim replies", "", "HTTP/1.1 100 Continue\r\n\r\n", false),
        text("body", "HTTP/1.1 200 OK\r\n\r\n", "abcdefgh", false),
        text("chunks", CHUNKED, "4\r\nabcd\r\n", false),
        text("extension of a chunk", CHUNKED + "4;", "a", true),
        text("size of a chunk", CHUNKED, "0", true),
        text("trailers", CHUNKED + "0\r\n", "a: b\r\n", true),
        frames("settings", SETTINGS, SETTINGS, false),
        frames("pings", SETTINGS, "000008 06 00 00000000 0102030405060708", false),
        frames("unknown frames", SETTINGS, "0003e8 7f 00 00000000" + zeros, false),
        frames(
            "continuations",
            SETTINGS + "000001 01 00 00000001 88",
            "0003e8 09 00 00000001" + zeros,
            true),
        frames("interim replies", SETTINGS, "000005 01 04 00000001 08 03 313033", false),
        frames("empty data", HEAD, "000000 00 00 00000001", false),
        frames("data", HEAD, "0003e8 00 00 00000001" + zeros, false),
        new Endless(
            "gRPC message",
            EndlessRepliesTest::grpc,
            bytes(HEAD + "000005 00 00 00000001 00 7fffffff"),
            bytes("0003e8 00 00 00000001" + zeros),
            false),
        new Endless(
            "WebSocket handshake",
            EndlessRepliesTest::webSocket,
            "HTTP/1.1 101 x\r\n",
            "a: b\r\n",
            true),
        messages("fragments", "00 01 61", true),
        messages("pings", "89 04 61626364", false),
        messages("messages that nobody asked for", "81 01 61", true));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void nothingHeapsUp(Endless endless) throws IllegalAccessException {
    Talk talk = Talk.of(endless.wire());
    assertThat(talk.comes(ascii(endless.beginning()))).isTrue();
    byte[] piece = ascii(endless.again().repeat(Math.ceilDiv(PIECE, endless.again().length())));
    boolean well = true;
    for (int sent = 0; sent < ALL && well; sent += piece.length) {
      talk.out.clear();
      talk.heard.clear();
      well = talk.comes(piece);
      assertThat(talk.waiting()).isLessThan(Damage.MOST_HELD);
    }
    assertThat(well).isNotEqualTo(endless.refused());
    assertThat(bytes(talk.wire, Collections.newSetFromMap(new IdentityHashMap<>())))
        .isLessThan(Damage.MOST_HELD);
  }

  /** The lengths of all arrays that the codecs' objects hold. */
  private static long bytes(Object of, Set<Object> seen) throws IllegalAccessException {
    if (of == null || !seen.add(of)) {
      return 0;
    }
    if (of instanceof byte[] array) {
      return array.length;
    }
    long sum = 0;
    for (Class<?> c = of.getClass();
        c != null && c.getPackageName().equals(Wire.class.getPackageName());
        c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          sum += bytes(field.get(of), seen);
        }
      }
    }
    return sum;
  }
}
