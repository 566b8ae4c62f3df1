package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the loop makes of a server of grpc-go: of what one said that was recorded, a connection a
 * call, and, where {@code CONNTRAIL_GRPC_GO} names the program ({@code src/test/go/grpcgo}), of one
 * that runs; what grpc-java makes of it too. {@code
 * -Dconntrail.record=src/test/resources/grpc-go.txt} writes the record anew.
 */
@Timeout(120)
class GrpcGoTest {
  private static final String RECORD = "/grpc-go.txt";
  private static final String FIND = GrpcCompared.CALL;
  private static final String CHAT = GrpcCompared.STREAM;
  private static final String LONG = "0123456789".repeat(2000);

  /**
   * Requests on one connection, and what is heard of them.
   *
   * @param field that is watched
   * @param seen its value after the last
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Call(String method, String message, String field, String seen, String... heard) {
    private Wire wire(Wire.Listener listener) {
      Http2Request request =
          Http2Request.call("127.0.0.1", method, List.of(), message.getBytes(UTF_8));
      boolean unary = !method.equals(CHAT);
      return new GrpcWire(request, unary, field, new HpackDecoder.Room(), listener);
    }
  }

  private static final List<Call> CALLS =
      List.of(
          new Call(FIND, "", "x-head", "in the head", "200 ", "200 "),
          new Call(FIND, "a question", "x-served-by", "go-2", "200 a question", "200 a question"),
          new Call(FIND, LONG, "x-head", "in the head", kept(LONG), kept(LONG)),
          new Call(FIND, "!5", "x-served-by", "go-2", "refused: gRPC status NOT_FOUND"),
          new Call(
              FIND,
              "!8 100 % of \"it\", gr\u00f6\u00dfer\n \u2713",
              "x-head",
              "in the head",
              "refused: gRPC status RESOURCE_EXHAUSTED (100 % of \"it\", gr\u00f6\u00dfer\n \u2713)"),
          new Call(
              "shop.v1.Items/Lose",
              "",
              "content-type",
              "application/grpc",
              "refused: gRPC status UNIMPLEMENTED (unknown method Lose for service shop.v1.Items)"),
          new Call(
              "shop.v1.Shops/Find",
              "",
              "content-type",
              "application/grpc",
              "refused: gRPC status UNIMPLEMENTED (unknown service shop.v1.Shops)"),
          new Call(CHAT, "hello", "content-type", "application/grpc", "200 hello", "200 hello"),
          new Call(
              CHAT, "!14 later", "x-served-by", "go-2", "refused: gRPC status UNAVAILABLE (later)"),
          new Call(
              CHAT, "end", "x-served-by", "go-2", "refused: gRPC status OK, without a message"));

  private static String kept(String body) {
    return "200 " + body.substring(0, Body.KEPT) + " of " + body.length();
  }

  @TempDir private Path folder;

  @Test
  void whatOneSaid() throws IOException {
    try (InputStream in = GrpcGoTest.class.getResourceAsStream(RECORD)) {
      heardAsBefore(connections(new String(in.readAllBytes(), UTF_8)));
    }
  }

  private static void heardAsBefore(List<byte[]> connections) {
    assertThat(connections).hasSameSizeAs(CALLS);
    for (int i = 0; i < CALLS.size(); i++) {
      Call call = CALLS.get(i);
      Talk talk = Talk.of(call::wire).again();
      assertThat(talk.comes(connections.get(i))).as("%s", call).isTrue();
      assertThat(Talk.unadvised(talk.heard)).containsExactly(call.heard());
      if (call.heard().length == 1) { // else another request has begun
        assertThat(talk.wire.seen()).isEqualTo(call.seen());
      }
      if (!call.message().equals(LONG)) {
        Function<Wire.Listener, Wire> wires = call::wire;
        assertThat(Talk.unadvised(Talk.heard(wires, connections.get(i))))
            .containsExactly(call.heard());
      }
    }
  }

  /** What servers said on each connection. */
  private static List<byte[]> connections(String record) {
    List<ByteArrayOutputStream> connections = new ArrayList<>();
    for (String line : record.lines().toList()) {
      if (line.equals("connection")) {
        connections.add(new ByteArrayOutputStream());
      } else if (!line.startsWith("#")) {
        connections.getLast().writeBytes(HexFormat.of().parseHex(line));
      }
    }
    return connections.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  @Test
  @Tag("grpc-go")
  void whatOneSays() throws Exception {
    Path record =
        Path.of(System.getProperty("conntrail.record", folder.resolve("grpc-go.txt").toString()));
    served(
        record,
        server -> {
          for (Call call : CALLS) {
            try (Dialog dialog = new Dialog(server, call::wire)) {
              List<Dialog.Heard> heard = dialog.requests(call.heard().length);
              assertThat(heard).extracting(Dialog.Heard::reply).containsExactly(call.heard());
              assertThat(heard.getLast().seen()).isEqualTo(call.seen());
            }
          }
        });
    heardAsBefore(connections(Files.readString(record)));
  }

  @Test
  @Tag("grpc-go")
  void theSameAsGrpcJava() throws Exception {
    served(
        folder.resolve("ignored.txt"),
        server -> {
          for (String message : GrpcCompared.messages().toList()) {
            GrpcCompared.same(server, FIND, true, message);
            GrpcCompared.same(server, CHAT, false, message);
          }
          GrpcCompared.same(server, CHAT, false, "end");
          GrpcCompared.same(server, "shop.v1.Items/Lose", true, "");
        });
  }

  /** What is done with a server. */
  private interface Use {
    void of(InetSocketAddress server) throws Exception;
  }

  private static void served(Path record, Use use) throws Exception {
    Process program =
        new ProcessBuilder(System.getenv("CONNTRAIL_GRPC_GO"), record.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      int port = Integer.parseInt(program.inputReader().readLine());
      use.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } finally {
      program.destroy();
    }
  }
}
