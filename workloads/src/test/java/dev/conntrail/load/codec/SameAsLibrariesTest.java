package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.HttpCompared.same;

import dev.conntrail.load.codec.HttpCompared.Asked;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same requests by the loop's wires and by OkHttp and Java-WebSocket, to servers that are not
 * Conntrail's, nothing between.
 */
@Timeout(120)
class SameAsLibrariesTest {
  private static JettyServer jetty;
  private static NettyServer netty;
  private static NettyHttp1Server netty1;

  @BeforeAll
  static void start() throws Exception {
    jetty = new JettyServer();
    netty = new NettyServer();
    netty1 = new NettyHttp1Server();
  }

  @AfterAll
  static void end() throws Exception {
    jetty.stop();
    netty.close();
    netty1.close();
  }

  private static Stream<Asked> requests() {
    return HttpCompared.requests();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void jettyWithHttp1(Asked asked) throws IOException {
    same(Protocol.HTTP_1_1, jetty, asked);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void jettyWithHttp2(Asked asked) throws IOException {
    same(Protocol.H2_PRIOR_KNOWLEDGE, jetty, asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/padded",
        "/continued",
        "/trailers",
        "/empty-frames",
        "/settings",
        "/table",
        "/reset"
      })
  void framesOfNetty(String path) throws IOException {
    same(Protocol.H2_PRIOR_KNOWLEDGE, netty, Asked.get(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/length",
        "/old-kept",
        "/closes",
        "/chunks",
        "/trailers",
        "/until-close",
        "/early",
        "/raw",
        "/byte-by-byte"
      })
  void nettyWithHttp1(String path) throws IOException {
    same(Protocol.HTTP_1_1, netty1, Asked.get(path));
  }

  @Test
  void bodiesToNettyWithHttp1() throws IOException {
    for (List<Http1Request.Field> fields :
        List.of(List.<Http1Request.Field>of(), List.of(HttpCompared.EXPECTS))) {
      same(
          Protocol.HTTP_1_1,
          netty1,
          new Asked("POST", "/length", "0123456789".repeat(20_000), fields));
    }
  }

  private static List<String> ways() {
    return JettyServer.WAYS;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void webSocketsOfJetty(String how) throws Exception {
    WebSocketsCompared.same(jetty.address(), jetty.said, how);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "125",
        "126",
        "65535",
        "65536",
        "pieces",
        "cut-letter",
        "binary",
        "long-ping",
        "reason"
      })
  void webSocketsOfNetty(String how) throws Exception {
    WebSocketsCompared.same(netty1.address(), netty1.said, how);
  }
}
