package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** A server of grpc-java: it answers with the message, or with the status that one begins with. */
final class GrpcJavaServer implements AutoCloseable {
  private final Server server;

  GrpcJavaServer() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("shop.v1.Items")
            .addMethod(
                GrpcBytes.method(GrpcCompared.CALL),
                ServerCalls.asyncUnaryCall((request, reply) -> {
                  if (answer(request, reply)) {
                    reply.onCompleted();
                  }
                }))
            .addMethod(
                GrpcBytes.stream(GrpcCompared.STREAM),
                ServerCalls.asyncBidiStreamingCall(Chat::new))
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

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  @Override
  public void close() {
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
}
