package dev.conntrail.load.client;

import dev.conntrail.spec.Pooling;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * gRPC by grpc-java over Netty, asynchronous calls on the event loop ({@code directExecutor}). One
 * channel is one connection, for as long as the name resolves to one address and nobody sends
 * GOAWAY.
 */
final class GrpcClient implements ProtocolClient {
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
    boolean own = pooling == Pooling.DEDICATED;
    ManagedChannel channel = own ? channel(target) : sharedChannel(target);
    return streams
        ? new GrpcStreamCaller(connections.ledger(), channel, own)
        : new GrpcUnaryCaller(connections.ledger(), channel, own);
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
}
