package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.GrpcCompared.CALL;
import static dev.conntrail.load.codec.GrpcCompared.STREAM;
import static dev.conntrail.load.codec.GrpcCompared.same;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same calls by the loop's wire and by grpc-java, to a server of grpc-java, nothing between.
 */
@Timeout(120)
class SameAsGrpcJavaTest {
  private static GrpcJavaServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new GrpcJavaServer();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Stream<String> messages() {
    return GrpcCompared.messages();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void calls(String message) throws Exception {
    same(server.address(), CALL, true, message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesOfAStream(String message) throws Exception {
    same(server.address(), STREAM, false, message);
  }

  /** It ends well, and the message has no answer. */
  @Test
  void aStreamThatTheServerEnds() throws Exception {
    same(server.address(), STREAM, false, "end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMethodThatIsNotThere(boolean unary) throws Exception {
    same(server.address(), "shop.v1.Items/Lose", unary, "");
  }
}
