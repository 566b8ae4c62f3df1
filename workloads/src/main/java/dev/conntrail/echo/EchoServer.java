package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Serves all protocols for many pods from a few event loops. */
public final class EchoServer implements AutoCloseable {
  private static final int BACKLOG = 65_535;

  /** Pings that come more often end a connection (GOAWAY, too_many_pings); gRPC: 5 minutes. */
  private static final long PINGS_ALLOWED_MS = 500;

  private final NamespaceSockets sockets = new NamespaceSockets();
  private final EventLoopGroup loops;
  private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> http = new ArrayList<>();
  private final List<Server> grpc = new ArrayList<>();
  private final List<PodLedger> ledgers = new ArrayList<>();
  private final List<EchoPod> pods = new ArrayList<>();

  /**
   * Listens for all pods.
   *
   * @throws IOException naming the pod that cannot listen
   */
  public EchoServer(List<EchoPod> asked, int threads) throws IOException {
    this.loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    try {
      for (EchoPod pod : asked) {
        listen(pod);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void listen(EchoPod pod) throws IOException {
    PodLedger ledger = new PodLedger(pod);
    try {
      Channel channel = listenHttp(pod, ledger);
      http.add(channel);
      Server server = listenGrpc(pod, ledger);
      grpc.add(server);
      ledgers.add(ledger);
      pods.add(pod.on(((InetSocketAddress) channel.localAddress()).getPort(), server.getPort()));
    } catch (Exception e) {
      throw new IOException(
          "pod "
              + pod.name()
              + " cannot listen on "
              + pod.address()
              + ", ports "
              + pod.httpPort()
              + " and "
              + pod.grpcPort()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private Channel listenHttp(EchoPod pod, PodLedger ledger) throws IOException {
    ServerSocketChannel socket = sockets.open(pod.netns());
    return new ServerBootstrap()
        .group(loops)
        .channelFactory(() -> new NioServerSocketChannel(socket))
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accepted.add(channel);
                channel.pipeline().addLast(new ProtocolSniffer(ledger));
              }
            })
        .bind(pod.address(), pod.httpPort())
        .syncUninterruptibly()
        .channel();
  }

  private Server listenGrpc(EchoPod pod, PodLedger ledger) throws IOException {
    ServerSocketChannel socket = sockets.open(pod.netns());
    return NettyServerBuilder.forAddress(new InetSocketAddress(pod.address(), pod.grpcPort()))
        .channelFactory(() -> new NioServerSocketChannel(socket))
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
        .withOption(ChannelOption.SO_REUSEADDR, true)
        .directExecutor()
        .permitKeepAliveTime(PINGS_ALLOWED_MS, TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addTransportFilter(new GrpcEcho.TransportLedger(ledger))
        .addService(grpcEcho(pod))
        .build()
        .start();
  }

  private ServerServiceDefinition grpcEcho(EchoPod pod) {
    ServerServiceDefinition service = new GrpcEcho().bindService();
    return pod.delay().isZero()
        ? service
        : ServerInterceptors.intercept(service, new DelayedCalls(loops.next(), pod.delay()));
  }

  /** The pods with the ports they listen on. */
  public List<EchoPod> pods() {
    return List.copyOf(pods);
  }

  /** What each pod counts. */
  public List<PodLedger> ledgers() {
    return List.copyOf(ledgers);
  }

  /**
   * Stops all event loops for a while, so that every pod stalls: for tests of latency measurement.
   */
  public void stall(long ms) {
    for (EventExecutor loop : loops) {
      loop.execute(() -> {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(end - System.nanoTime());
        }
      });
    }
  }

  /**
   * Stops all event loops for good: from then on nothing is answered or counted, and connections
   * stay until the process has ended.
   */
  public void freeze() throws InterruptedException {
    List<EventExecutor> all = new ArrayList<>();
    loops.forEach(all::add);
    CountDownLatch frozen = new CountDownLatch(all.size());
    for (EventExecutor loop : all) {
      loop.execute(() -> {
        frozen.countDown();
        while (true) {
          LockSupport.park();
        }
      });
    }
    frozen.await();
  }

  @Override
  public void close() {
    http.forEach(c -> c.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
    accepted.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    grpc.forEach(Server::shutdownNow);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    sockets.close();
  }
}
