package dev.conntrail.load.client;

import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerEntry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.BooleanSupplier;

/** A Netty channel that writes its own life into the ledger. */
final class TrackedChannel extends NioSocketChannel {
  private final Connections connections;
  private final BooleanSupplier worn;
  private final GoAwayWatch goAway = new GoAwayWatch();
  private volatile long startNs;
  private volatile LedgerEntry entry;

  /**
   * Not connected yet.
   *
   * @param worn whether the channel of gRPC that it is of was used long enough
   */
  TrackedChannel(Connections connections, BooleanSupplier worn) {
    this.connections = connections;
    this.worn = worn;
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
  protected int doReadBytes(ByteBuf into) throws Exception {
    try {
      int n = super.doReadBytes(into);
      for (int i = into.writerIndex() - n; i < into.writerIndex(); i++) {
        goAway.read(into.getByte(i));
      }
      if (goAway.seen() && entry != null) {
        entry.goodbye();
      }
      if (n < 0) {
        died(Death.PEER_FIN);
      }
      return n;
    } catch (IOException e) {
      died(Connections.failing(e));
      throw e;
    }
  }

  @Override
  protected void doClose() throws Exception {
    openedUntold();
    died(connections.closing());
    super.doClose();
  }

  /**
   * The kernel may have made it when nobody was told yet: it is a connection nevertheless, whose
   * connect nobody waited for.
   */
  private void openedUntold() {
    try {
      if (entry == null && javaChannel().isConnectionPending() && javaChannel().finishConnect()) {
        entry = connections.untold(localAddress(), remoteAddress(), startNs);
      }
    } catch (IOException _) {
      // it was not made, as who asked for it is told
    }
  }

  private void died(Death death) {
    if (entry != null) {
      if (worn.getAsBoolean()) {
        entry.retired();
      }
      entry.died(System.nanoTime(), death);
    }
  }
}
