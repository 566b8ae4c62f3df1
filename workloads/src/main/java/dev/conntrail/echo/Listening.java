package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Recycling;
import dev.conntrail.spec.Spoken;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The two listening sockets of a pod's process, for as long as it takes connections: one for all
 * that the echo frames by itself or with Netty, gRPC included, and one for grpc-java.
 */
final class Listening implements AutoCloseable {
  private static final int BACKLOG = 65_535;

  /** Pings that come more often end a connection (GOAWAY, too_many_pings); gRPC: 5 minutes. */
  private static final long PINGS_ALLOWED_MS = 500;

  /** From GOAWAY at the maximum age until calls that go on, as streams do, are ended. */
  private static final long GRACE_S = 1;

  private static final long TASK_LIMIT_S = 10;

  private final PodServer pod;
  private final EventLoopGroup loops;
  private final List<PodListener> listeners = new ArrayList<>();
  private Server grpc;
  private EchoPod at;

  private Listening(PodServer pod, EventLoopGroup loops, EchoPod asked) {
    this.pod = pod;
    this.loops = loops;
    this.at = asked;
  }

  /**
   * Begins to listen.
   *
   * @throws IOException naming the pod if it cannot
   */
  static Listening open(
      PodServer pod, EchoPod asked, NamespaceSockets sockets, EventLoopGroup loops)
      throws IOException {
    Listening listening = new Listening(pod, loops, asked);
    try {
      Channel http = listening.http(sockets.open(asked.netns()));
      listening.grpc = listening.grpc(sockets.open(asked.netns()));
      listening.at =
          asked.on(((InetSocketAddress) http.localAddress()).getPort(), listening.grpc.getPort());
      return listening;
    } catch (Exception e) {
      listening.close();
      throw new IOException(
          "pod "
              + asked.name()
              + " cannot listen on "
              + asked.address()
              + ", ports "
              + asked.httpPort()
              + " and "
              + asked.grpcPort()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private PodListener listener(ServerSocketChannel socket, Spoken spoken) {
    PodListener listener = new PodListener(socket, accepted -> pod.gate(accepted, spoken));
    listeners.add(listener);
    return listener;
  }

  private Channel http(ServerSocketChannel socket) {
    return new ServerBootstrap()
        .group(loops)
        .channelFactory(() -> listener(socket, Spoken.UNKNOWN))
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new ProtocolSniffer());
              }
            })
        .bind(at.address(), at.httpPort())
        .syncUninterruptibly()
        .channel();
  }

  private Server grpc(ServerSocketChannel socket) throws IOException {
    LoadReports reports = new LoadReports();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(at.address(), at.grpcPort()))
            .channelFactory(() -> listener(socket, Spoken.GRPC))
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
            .withOption(ChannelOption.SO_REUSEADDR, true)
            .directExecutor()
            .permitKeepAliveTime(PINGS_ALLOWED_MS, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addTransportFilter(new GrpcEcho.TransportGate(pod::grpcGate))
            .addService(
                ServerInterceptors.intercept(
                    new GrpcEcho().bindService(), new DelayedCalls(), reports))
            .addService(reports.stream(loops));
    pod.recycling()
        .flatMap(Recycling::maxAge)
        .ifPresent(age ->
            builder
                .maxConnectionAge(age.toNanos(), TimeUnit.NANOSECONDS)
                .maxConnectionAgeGrace(GRACE_S, TimeUnit.SECONDS));
    return builder.build().start();
  }

  /** The pod with the ports it listens on. */
  EchoPod at() {
    return at;
  }

  /** Whether it takes connections. */
  boolean on() {
    return !listeners.isEmpty();
  }

  /** Takes connections from the kernel, or leaves them with it. */
  void accept(boolean on) {
    await(
        listeners.stream()
            .map(l -> l.eventLoop().submit(() -> l.config().setAutoRead(on)))
            .toList());
  }

  /** Done when what waited in the kernel for this to take it has been taken. */
  List<Future<?>> tookAll() {
    return listeners.stream().<Future<?>>map(PodListener::tookAll).toList();
  }

  /** gRPC tells its clients to leave (GOAWAY), and ends what is idle. */
  void leave() {
    grpc.shutdown();
  }

  /** No more connections; the kernel resets those that nobody has taken. */
  @Override
  public void close() {
    await(listeners.stream().map(l -> l.close()).toList());
    listeners.clear();
    settle(loops);
  }

  /** After the sockets: what gRPC keeps of them. */
  void forget() {
    if (grpc != null) {
      grpc.shutdownNow();
    }
  }

  /**
   * Java closes what is registered with a selector when that looks at its sockets again: waits
   * until all have, and have done what they were asked before.
   */
  static void settle(EventLoopGroup loops) {
    List<Future<?>> looked = new ArrayList<>();
    loops.forEach(l -> looked.add(looked((EventLoop) l)));
    await(looked);
  }

  private static Future<?> looked(EventLoop loop) {
    Promise<Boolean> looked = loop.newPromise();
    loop.schedule(
        () -> loop.schedule(() -> looked.trySuccess(true), 1, TimeUnit.MILLISECONDS),
        1,
        TimeUnit.MILLISECONDS);
    return looked;
  }

  static void await(List<? extends Future<?>> tasks) {
    for (Future<?> task : tasks) {
      task.awaitUninterruptibly(TASK_LIMIT_S, TimeUnit.SECONDS);
    }
  }
}
