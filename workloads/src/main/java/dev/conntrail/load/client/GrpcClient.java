package dev.conntrail.load.client;

import dev.conntrail.spec.Knob;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Retries;
import dev.conntrail.spec.Route;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * gRPC by grpc-java over Netty, asynchronous calls on the event loop ({@code directExecutor}). One
 * channel is one connection, for as long as the name resolves to one address and nobody sends
 * GOAWAY; a channel that balances has one to each pod.
 */
final class GrpcClient implements ProtocolClient {
  private final boolean streams;
  private final boolean own;
  private final Optional<Route.Balanced> balancing;
  private final KnownPods pods;
  private final String name;
  private final Connections connections;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final int perClient;
  private final boolean retries;
  private GrpcChannels shared;

  GrpcClient(boolean streams, LoadPlan.Callers callers, Connections connections) {
    this.streams = streams;
    this.own = callers.pooling() == Pooling.DEDICATED;
    this.balancing = callers.cure().balanced();
    this.perClient = callers.cure().perClient();
    this.retries = callers.retries() == Retries.LIBRARY;
    this.connections = connections;
    this.pods = new KnownPods(connections.targets());
    this.name = balancing.map(b -> name(b, callers.targets())).orElseGet(pods::name);
    NameResolverRegistry.getDefaultRegistry().register(pods);
  }

  @Override
  public Caller caller(Pick pick) {
    GrpcChannels channels = own ? channels(pick) : sharedChannels(pick);
    return streams
        ? new GrpcStreamCaller(connections, channels, own)
        : new GrpcUnaryCaller(connections, channels, own);
  }

  private synchronized GrpcChannels sharedChannels(Pick pick) {
    if (shared == null) {
      shared = channels(pick);
    }
    return shared;
  }

  private GrpcChannels channels(Pick pick) {
    AtomicBoolean connected = new AtomicBoolean();
    Connections told = connections.telling(_ -> connected.set(true));
    return new GrpcChannels(
        new Rotation<>(
            Math.max(1, perClient),
            worn -> channel(pick, told, worn),
            ManagedChannel::shutdown,
            connections.lifetimes()),
        connected::get);
  }

  /** The library's own resolver reads the time for which it keeps an answer when it is made. */
  private String name(Route.Balanced balanced, List<String> targets) {
    if (!balanced.named()) {
      return pods.name();
    }
    System.setProperty(
        "networkaddress.cache.ttl", Long.toString(balanced.time(Knob.TTL).toSeconds()));
    return "dns:///" + targets.getFirst();
  }

  /** The library balances by itself: where it does, nobody else picks. */
  private NettyChannelBuilder builder(Pick pick) {
    return balancing
        .map(how -> GrpcBalancing.channel(name, how))
        .orElseGet(() -> NettyChannelBuilder.forAddress(pick.next().address()));
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>();
    balancing.ifPresent(how -> config.putAll(GrpcBalancing.config(how)));
    if (retries) {
      config.putAll(GrpcRetries.CONFIG);
    }
    return config;
  }

  private ManagedChannel channel(Pick pick, Connections told, BooleanSupplier worn) {
    NettyChannelBuilder builder =
        builder(pick)
            .usePlaintext()
            .directExecutor()
            .eventLoopGroup(loops)
            .channelFactory(() -> new TrackedChannel(told, worn))
            .defaultServiceConfig(config());
    if (retries) {
      GrpcRetries.in(builder, connections.retried());
    } else {
      builder.disableRetry();
    }
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
      shared.all().close(ManagedChannel::shutdownNow);
    }
    NameResolverRegistry.getDefaultRegistry().deregister(pods);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
