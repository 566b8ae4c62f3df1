package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrackedChannelTest {
  private static final int LIMIT_S = 20;

  private final Ledger ledger = new Ledger();

  /** The pod and the kernel know it, so the ledger has to. */
  @Test
  void whatTheKernelMadeBeforeAnybodyWasToldIsAConnection() throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (ServerSocket pod = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      pod.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
      TrackedChannel channel = channel("127.0.0.1:" + pod.getLocalPort());
      new Bootstrap()
          .group(loop)
          .channelFactory(() -> channel)
          .handler(new ChannelInboundHandlerAdapter())
          .register()
          .get(LIMIT_S, TimeUnit.SECONDS);
      // its loop is told of nothing while this runs
      loop.submit(
              () -> {
                channel.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), pod.getLocalPort()));
                try (Socket _ = pod.accept()) {
                  channel.close();
                }
                return null;
              })
          .get(LIMIT_S, TimeUnit.SECONDS);
    } finally {
      loop.shutdownGracefully();
    }
    assertThat(ledger.entries()).extracting(LedgerEntry::death).containsExactly(Death.CLIENT);
  }

  private TrackedChannel channel(String address) {
    return new TrackedChannel(PlainClients.connections(address, ledger), () -> false);
  }
}
