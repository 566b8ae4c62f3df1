package dev.conntrail.echo;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Sends what a pod says in gRPC calls as late as the pod answers, in order on a connection. */
final class DelayedCalls implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    LateAnswers answers = call.getAttributes().get(GrpcEcho.GATE).answers();
    return next.startCall(
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void sendHeaders(Metadata metadata) {
            answers.along(() -> super.sendHeaders(metadata));
          }

          @Override
          public void sendMessage(A message) {
            answers.say(() -> super.sendMessage(message));
          }

          @Override
          public void close(Status status, Metadata trailers) {
            answers.along(() -> super.close(status, trailers));
          }
        },
        headers);
  }
}
