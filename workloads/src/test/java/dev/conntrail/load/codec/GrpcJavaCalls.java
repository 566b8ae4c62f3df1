package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.conntrail.load.GrpcBytes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Calls by grpc-java, and what came of them in the words of the loop's wire. */
final class GrpcJavaCalls {
  private GrpcJavaCalls() {}

  /** All on one channel; the fields are those of the last call, or of the stream so far. */
  static List<String> calls(
      int port, String method, boolean unary, byte[] message, int times, Map<String, String> fields)
      throws InterruptedException {
    AtomicReference<Metadata> head = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      Channel captured =
          ClientInterceptors.intercept(
              channel, MetadataUtils.newCaptureMetadataInterceptor(head, trailers));
      List<String> replies = new ArrayList<>();
      Messages messages = new Messages(captured, method);
      for (int i = 0; i < times; i++) {
        replies.add(unary ? call(captured, method, message) : messages.send(message));
      }
      for (AtomicReference<Metadata> some : List.of(head, trailers)) {
        if (some.get() != null) {
          some.get()
              .keys()
              .forEach(k ->
                  fields.put(
                      k, some.get().get(Metadata.Key.of(k, Metadata.ASCII_STRING_MARSHALLER))));
        }
      }
      return replies;
    } finally {
      channel.shutdownNow();
    }
  }

  private static String call(Channel channel, String method, byte[] message) {
    try {
      return answered(
          ClientCalls.blockingUnaryCall(
              channel, GrpcBytes.method(method), CallOptions.DEFAULT, message));
    } catch (StatusRuntimeException e) {
      return refused(e.getStatus());
    }
  }

  /** The wire's body is the message with its own prefix left out. */
  private static String answered(byte[] body) {
    String first = new String(body, 0, Math.min(Body.KEPT, body.length), ISO_8859_1);
    return "200 " + first + (body.length > Body.KEPT ? " of " + body.length : "");
  }

  /** grpc-go sends a message that is empty, where others send none. */
  private static String refused(Status status) {
    String more = Objects.requireNonNullElse(status.getDescription(), "");
    return "refused: gRPC status " + status.getCode() + (more.isEmpty() ? "" : " (" + more + ")");
  }

  /** Messages on one stream for as long as it lasts. */
  private static final class Messages {
    private final Channel channel;
    private final String method;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private StreamObserver<byte[]> stream;

    Messages(Channel channel, String method) {
      this.channel = channel;
      this.method = method;
    }

    String send(byte[] message) throws InterruptedException {
      if (stream == null) {
        stream =
            ClientCalls.asyncBidiStreamingCall(
                channel.newCall(GrpcBytes.stream(method), CallOptions.DEFAULT), new Hearing());
      }
      stream.onNext(message);
      String reply = heard.poll(20, TimeUnit.SECONDS);
      if (reply != null && reply.startsWith("refused")) {
        stream = null;
      }
      return reply;
    }

    private final class Hearing implements StreamObserver<byte[]> {
      @Override
      public void onNext(byte[] message) {
        heard.add(answered(message));
      }

      @Override
      public void onError(Throwable why) {
        heard.add(refused(Status.fromThrowable(why)));
      }

      @Override
      public void onCompleted() {
        heard.add("refused: gRPC status OK, without a message");
      }
    }
  }
}
