package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.GrpcBytes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same calls by the loop's wire and by grpc-java, to a server of grpc-java: the same messages,
 * statuses, fields and trailers.
 */
@Timeout(120)
class SameAsGrpcJavaTest {
  private static final int TIMES = 3;
  private static final String CALL = "shop.v1.Items/Find";
  private static final String STREAM = "shop.v1.Items/Chat";

  private static Server server;

  /** Answers with the message, or with the status that the message begins with. */
  @BeforeAll
  static void start() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("shop.v1.Items")
            .addMethod(
                GrpcBytes.method(CALL),
                ServerCalls.asyncUnaryCall((request, reply) -> {
                  if (answer(request, reply)) {
                    reply.onCompleted();
                  }
                }))
            .addMethod(GrpcBytes.stream(STREAM), ServerCalls.asyncBidiStreamingCall(Chat::new))
            .build();
    ServerInterceptor fields =
        new ServerInterceptor() {
          @Override
          public <Q, R> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
            return next.startCall(new Named<>(call), metadata);
          }
        };
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(service, fields))
            .build()
            .start();
  }

  @AfterAll
  static void end() {
    server.shutdownNow();
  }

  /** Whether it was answered well; a stream may go on then. */
  private static boolean answer(byte[] message, StreamObserver<byte[]> reply) {
    String text = new String(message, UTF_8);
    if (!text.startsWith("!")) {
      reply.onNext(message);
      return true;
    }
    String[] parts = text.substring(1).split(" ", 2);
    Status status = Status.fromCodeValue(Integer.parseInt(parts[0]));
    reply.onError(
        (parts.length > 1 ? status.withDescription(parts[1]) : status).asRuntimeException());
    return false;
  }

  /** A stream, which ends at the message {@code end} without an answer. */
  private record Chat(StreamObserver<byte[]> reply) implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] message) {
      if (new String(message, UTF_8).equals("end")) {
        reply.onCompleted();
      } else {
        boolean _ = answer(message, reply);
      }
    }

    @Override
    public void onError(Throwable why) {
      // the client is gone
    }

    @Override
    public void onCompleted() {
      reply.onCompleted();
    }
  }

  /** Has a field in its head, and one in its trailers. */
  private static final class Named<Q, R> extends SimpleForwardingServerCall<Q, R> {
    Named(ServerCall<Q, R> call) {
      super(call);
    }

    private static Metadata.Key<String> key(String name) {
      return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headers.put(key("x-head"), "in the head");
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      trailers.put(key("x-served-by"), "grpc-2");
      super.close(status, trailers);
    }
  }

  private static Stream<String> calls() {
    return Stream.concat(
        Stream.of(
            "",
            "a question",
            "0123456789".repeat(20_000),
            "!5",
            "!5 not found",
            "!8 100 % of \"it\", gr\u00f6\u00dfer\n\ttab \u2713 \ud83d\ude00",
            "!13 %41 %zz %",
            "!14  two  blanks "),
        Stream.iterate(1, c -> c + 1).limit(16).map(c -> "!" + c + " code " + c));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void calls(String message) throws Exception {
    same(CALL, true, message);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void messagesOfAStream(String message) throws Exception {
    same(STREAM, false, message);
  }

  /** It ends well, and the message has no answer. */
  @Test
  void aStreamThatTheServerEnds() throws Exception {
    same(STREAM, false, "end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMethodThatIsNotThere(boolean unary) throws Exception {
    same("shop.v1.Items/Lose", unary, "");
  }

  private static void same(String method, boolean unary, String message) throws Exception {
    byte[] bytes = message.getBytes(UTF_8);
    Map<String, String> library = new LinkedHashMap<>();
    List<String> replies =
        GrpcJavaCalls.calls(server.getPort(), method, unary, bytes, TIMES, library);
    assertThat(replies).hasSize(TIMES).doesNotContainNull();
    assertThat(library).isNotEmpty();
    library.put("x-absent", "");
    InetSocketAddress at =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    for (Map.Entry<String, String> field : library.entrySet()) {
      Http2Request call = Http2Request.call("127.0.0.1", method, List.of(), bytes);
      try (Dialog dialog =
          new Dialog(
              at, l -> new GrpcWire(call, unary, field.getKey(), new HpackDecoder.Room(), l))) {
        assertThat(dialog.requests(TIMES))
            .isEqualTo(replies.stream().map(r -> new Dialog.Heard(r, field.getValue())).toList());
      }
    }
  }
}
