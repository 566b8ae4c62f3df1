package dev.conntrail.load.client;

import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** What callers of gRPC have in common: channels, which may be their own. */
abstract sealed class GrpcCaller implements Caller permits GrpcUnaryCaller, GrpcStreamCaller {
  /** Of Netty's transport, where a connection ended or was not made. */
  private static final String ANY_END = "io exception";

  private final Connections connections;
  private final GrpcChannels channels;
  private final boolean own;
  private volatile boolean heard;

  /**
   * A caller.
   *
   * @param own whether nobody else uses the channels, so that they are closed with the caller
   */
  GrpcCaller(Connections connections, GrpcChannels channels, boolean own) {
    this.connections = connections;
    this.channels = channels;
    this.own = own;
  }

  /** A channel, for one request; of streams for as many as it is used again. */
  final Rotation<ManagedChannel>.Lease channel() {
    return channels.all().take();
  }

  /** The connection that a call is on. */
  final LedgerEntry entry(ClientCall<?, ?> call) {
    SocketAddress local = call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    LedgerEntry entry =
        local instanceof InetSocketAddress here && remote instanceof InetSocketAddress there
            ? connections.ledger().between(here, there)
            : null;
    heard = true;
    if (entry == null) {
      throw new IllegalStateException(
          "gRPC used a connection that the ledger does not know: " + local);
    }
    return entry;
  }

  /** Why a call ended as it did, and what mends that where nobody has spoken gRPC yet. */
  final IOException why(Status status) {
    Optional<String> foreign = heard ? Optional.empty() : NoGrpc.seen(status);
    return new IOException(foreign.orElseGet(() -> said(status)), status.getCause());
  }

  /** In the words of the event loop, with what is behind the library's word for any end. */
  private static String said(Status status) {
    String more = first(status.getDescription());
    if (more.equals(ANY_END) && status.getCause() != null) {
      more += ": " + first(status.getCause().getMessage());
    }
    return "gRPC status " + status.getCode() + (more.isEmpty() ? "" : " (" + more + ")");
  }

  private static String first(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }

  /** Waits for a first exchange, which is what brings a channel up. */
  @Override
  public void connect(IntConsumer statuses) throws IOException, InterruptedException {
    CompletableFuture<Void> first = new CompletableFuture<>();
    long sentNs = System.nanoTime();
    send(
        new Reply() {
          @Override
          public void replied(int status) {
            // gRPC has its own
          }

          @Override
          public void arrived(LedgerEntry connection, String line) {
            try {
              connection.replied(EchoLine.parse(line), 0, sentNs, System.nanoTime());
              first.complete(null);
            } catch (IllegalArgumentException e) {
              first.completeExceptionally(e);
            }
          }

          @Override
          public void failed(Throwable why) {
            first.completeExceptionally(why);
          }
        });
    try {
      first.get(connections.first().patience().toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("no gRPC connection: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(connections.first().late(channels.connected().getAsBoolean()), e);
    }
  }

  @Override
  public void close() {
    if (own) {
      channels.all().close(ManagedChannel::shutdownNow);
    }
  }
}
