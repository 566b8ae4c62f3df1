package dev.conntrail.load.client;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import dev.conntrail.record.Death;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.spec.Pooling;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * gRPC by grpc-java over Netty, asynchronous calls on the event loop ({@code directExecutor}). One
 * channel is one connection, for as long as the name resolves to one address and nobody sends
 * GOAWAY.
 */
final class GrpcClient implements ProtocolClient {
  private static final int CONNECT_TIMEOUT_S = 30;
  private static final EchoRequest REQUEST = EchoRequest.getDefaultInstance();

  private final boolean streams;
  private final Pooling pooling;
  private final Connections connections;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private ManagedChannel shared;

  GrpcClient(boolean streams, Pooling pooling, Connections connections) {
    this.streams = streams;
    this.pooling = pooling;
    this.connections = connections;
  }

  @Override
  public Caller caller(InetSocketAddress target) {
    ManagedChannel channel = pooling == Pooling.DEDICATED ? channel(target) : sharedChannel(target);
    ManagedChannel own = pooling == Pooling.DEDICATED ? channel : null;
    return streams ? new StreamCaller(channel, own) : new UnaryCaller(channel, own);
  }

  private synchronized ManagedChannel sharedChannel(InetSocketAddress target) {
    if (shared == null) {
      shared = channel(target);
    }
    return shared;
  }

  private ManagedChannel channel(InetSocketAddress target) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(target)
            .usePlaintext()
            .directExecutor()
            .eventLoopGroup(loops)
            .channelFactory(() -> new TrackedChannel(connections))
            .disableRetry();
    KeepAlives keepAlives = connections.keepAlives();
    if (keepAlives.pings()) {
      builder
          .keepAliveTime(keepAlives.seconds(), TimeUnit.SECONDS)
          .keepAliveTimeout(keepAlives.seconds(), TimeUnit.SECONDS)
          .keepAliveWithoutCalls(true);
    }
    return builder.build();
  }

  @Override
  public void close() {
    if (shared != null) {
      shared.shutdownNow();
    }
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private LedgerEntry entry(ClientCall<?, ?> call) {
    SocketAddress local = call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    LedgerEntry entry =
        local instanceof InetSocketAddress here && remote instanceof InetSocketAddress there
            ? connections.ledger().between(here, there)
            : null;
    if (entry == null) {
      throw new IllegalStateException(
          "gRPC used a connection that the ledger does not know: " + local);
    }
    return entry;
  }

  /** Waits for a first exchange, which is what brings a channel up. */
  private static void await(Caller caller) throws IOException, InterruptedException {
    CompletableFuture<Void> first = new CompletableFuture<>();
    long sentNs = System.nanoTime();
    caller.send(
        new Reply() {
          @Override
          public void arrived(LedgerEntry connection, String line) {
            connection.replied(EchoLine.parse(line), false, sentNs, System.nanoTime());
            first.complete(null);
          }

          @Override
          public void failed(Throwable why) {
            first.completeExceptionally(why);
          }
        });
    try {
      first.get(CONNECT_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no gRPC connection: " + (e.getCause() == null ? e : e.getCause()), e);
    }
  }

  /** A request is a unary call. */
  private final class UnaryCaller implements Caller {
    private final ManagedChannel channel;
    private final ManagedChannel own;

    UnaryCaller(ManagedChannel channel, ManagedChannel own) {
      this.channel = channel;
      this.own = own;
    }

    @Override
    public void connect() throws IOException, InterruptedException {
      await(this);
    }

    @Override
    public void send(Reply reply) {
      ClientCall<EchoRequest, EchoReply> call =
          channel.newCall(EchoMethods.UNARY, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            private String line;
            private LedgerEntry entry;

            @Override
            public void onMessage(EchoReply message) {
              line = message.getLine();
              entry = entry(call);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              if (status.isOk() && line != null) {
                reply.arrived(entry, line);
              } else {
                reply.failed(status.asRuntimeException());
              }
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(REQUEST);
      call.halfClose();
    }

    @Override
    public void close() {
      if (own != null) {
        own.shutdownNow();
      }
    }
  }

  /** One stream for the caller's whole life; a request is a message on it. */
  private final class StreamCaller implements Caller {
    private final ManagedChannel channel;
    private final ManagedChannel own;
    private final AtomicReference<Reply> outstanding = new AtomicReference<>();
    private volatile ClientCall<EchoRequest, EchoReply> call;
    private volatile boolean broken;

    StreamCaller(ManagedChannel channel, ManagedChannel own) {
      this.channel = channel;
      this.own = own;
    }

    @Override
    public void connect() throws IOException, InterruptedException {
      call = open();
      await(this);
    }

    private ClientCall<EchoRequest, EchoReply> open() {
      ClientCall<EchoRequest, EchoReply> stream =
          channel.newCall(EchoMethods.STREAM, CallOptions.DEFAULT);
      stream.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(EchoReply message) {
              Reply reply = outstanding.getAndSet(null);
              if (reply != null) {
                reply.arrived(entry(stream), message.getLine());
              }
              stream.request(1);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              broken = true;
              Reply reply = outstanding.getAndSet(null);
              if (reply != null) {
                reply.failed(status.asRuntimeException());
              }
            }
          },
          new Metadata());
      stream.request(1);
      return stream;
    }

    /** A stream that has ended is opened anew, as any long-lived client does. */
    @Override
    public void send(Reply reply) {
      if (broken) {
        broken = false;
        call = open();
      }
      outstanding.set(reply);
      try {
        call.sendMessage(REQUEST);
      } catch (IllegalStateException e) {
        if (outstanding.compareAndSet(reply, null)) {
          reply.failed(e);
        }
      }
    }

    @Override
    public void close() {
      ClientCall<EchoRequest, EchoReply> stream = call;
      if (stream != null) {
        stream.cancel("drained", null);
      }
      if (own != null) {
        own.shutdownNow();
      }
    }
  }

  /** A Netty channel that writes its own life into the ledger. */
  private static final class TrackedChannel extends NioSocketChannel {
    private final Connections connections;
    private volatile long startNs;
    private volatile LedgerEntry entry;

    TrackedChannel(Connections connections) {
      this.connections = connections;
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
      startNs = System.nanoTime();
      boolean done = super.doConnect(remote, local);
      if (done) {
        opened(remote);
      }
      return done;
    }

    @Override
    protected void doFinishConnect() throws Exception {
      super.doFinishConnect();
      opened(javaChannel().getRemoteAddress());
    }

    private void opened(SocketAddress remote) throws IOException {
      connections.keepAlives().applyTo(javaChannel().socket());
      entry =
          connections.opened(
              (InetSocketAddress) javaChannel().getLocalAddress(),
              (InetSocketAddress) remote,
              startNs);
    }

    @Override
    protected int doReadBytes(io.netty.buffer.ByteBuf into) throws Exception {
      try {
        int n = super.doReadBytes(into);
        if (n < 0) {
          died(Death.PEER_FIN);
        }
        return n;
      } catch (IOException e) {
        died(Death.RESET);
        throw e;
      }
    }

    @Override
    protected void doClose() throws Exception {
      died(Death.CLIENT);
      super.doClose();
    }

    private void died(Death death) {
      if (entry != null) {
        entry.died(System.nanoTime(), death);
      }
    }
  }
}
