package dev.conntrail.echo;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends what a pod says in gRPC calls as much later as it is told. One event loop does it for all
 * of the pod's calls, so the order of answers on a connection stays.
 */
final class DelayedCalls implements ServerInterceptor {
  private final EventExecutor loop;
  private final long delayNs;

  DelayedCalls(EventExecutor loop, Duration delay) {
    this.loop = loop;
    this.delayNs = delay.toNanos();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void sendHeaders(Metadata metadata) {
            later(() -> super.sendHeaders(metadata));
          }

          @Override
          public void sendMessage(A message) {
            later(() -> super.sendMessage(message));
          }

          @Override
          public void close(Status status, Metadata trailers) {
            later(() -> super.close(status, trailers));
          }
        },
        headers);
  }

  private void later(Runnable said) {
    loop.schedule(said, delayNs, TimeUnit.NANOSECONDS);
  }
}
