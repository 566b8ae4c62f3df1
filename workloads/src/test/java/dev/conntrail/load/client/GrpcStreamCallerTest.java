package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.LedgerEntry;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A channel that waits before it connects again ends what is begun on it at once. */
class GrpcStreamCallerTest {
  private final List<String> why = new ArrayList<>();

  /** Of grpc-java: a call that has ended takes messages, and nobody hears of them. */
  private static final class EndedCall<A, B> extends ClientCall<A, B> {
    @Override
    public void start(Listener<B> listener, Metadata headers) {
      listener.onClose(Status.UNAVAILABLE.withDescription("in back-off"), new Metadata());
    }

    @Override
    public void request(int messages) {
      // nothing comes any more
    }

    @Override
    public void cancel(String message, Throwable cause) {
      // it has ended
    }

    @Override
    public void halfClose() {
      // it has ended
    }

    @Override
    public void sendMessage(A message) {
      // it has ended
    }
  }

  private static final class InBackOff extends ManagedChannel {
    @Override
    public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
      return new EndedCall<>();
    }

    @Override
    public String authority() {
      return "pods";
    }

    @Override
    public ManagedChannel shutdown() {
      return this;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public ManagedChannel shutdownNow() {
      return this;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  private final class Heard implements Reply {
    @Override
    public void replied(int status) {
      why.add("a status");
    }

    @Override
    public void arrived(LedgerEntry connection, String line) {
      why.add("a reply");
    }

    @Override
    public void failed(Throwable cause) {
      why.add(cause.getMessage());
    }
  }

  /** Else its caller would wait for ever, and send nothing more. */
  @Test
  void aRequestOnAStreamThatEndedAsItWasOpenedFails() {
    Rotation<ManagedChannel> channels =
        new Rotation<>(1, _ -> new InBackOff(), ManagedChannel::shutdownNow, Lifetimes.ENDLESS);
    GrpcStreamCaller caller =
        new GrpcStreamCaller(
            PlainClients.connections("127.0.0.1:1", FirstExchange.USUAL),
            new GrpcChannels(channels, () -> false),
            true);
    caller.open();
    caller.send(new Heard());
    caller.send(new Heard());
    String said = "gRPC status UNAVAILABLE (in back-off)";
    assertThat(why).containsExactly(said, said);
  }
}
