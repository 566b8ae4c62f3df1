package dev.conntrail.load.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;

/**
 * Has grpc-java send calls again: of itself those that no server has seen (refused, or beyond what
 * a GOAWAY says was taken), and by policy those that end as unavailable, as when a connection
 * breaks. The policy is that of gRPC's guide (grpc.io/docs/guides/retry), for the library has none
 * unless told one; its form is a service config's (gRFC A6).
 */
final class GrpcRetries {
  /** A part of a service config, for all methods. */
  static final Map<String, ?> CONFIG =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of()),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      4.0,
                      "initialBackoff",
                      "0.1s",
                      "maxBackoff",
                      "1s",
                      "backoffMultiplier",
                      2.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))));

  private GrpcRetries() {}

  /**
   * Has a channel do so; its service config is to have {@link #CONFIG}.
   *
   * @param retried told of each call that is sent again, when its headers are on the wire
   */
  static void in(NettyChannelBuilder channel, Runnable retried) {
    channel.enableRetry().intercept(new Traced(new Attempts(retried)));
  }

  /** Traces each attempt of each call. */
  private record Traced(Attempts attempts) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withStreamTracerFactory(attempts));
    }
  }

  private static final class Attempts extends ClientStreamTracer.Factory {
    private final Runnable retried;

    Attempts(Runnable retried) {
      this.retried = retried;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo attempt, Metadata headers) {
      boolean again = attempt.getPreviousAttempts() > 0 || attempt.isTransparentRetry();
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          if (again) {
            retried.run();
          }
        }
      };
    }
  }
}
