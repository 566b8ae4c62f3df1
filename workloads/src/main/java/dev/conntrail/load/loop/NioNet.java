package dev.conntrail.load.loop;

import dev.conntrail.posix.Errno;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** By Java's own selector, where there is no epoll. */
final class NioNet implements Net {
  private static final int BUFFER = 1 << 17;
  private static final long MS_NS = 1_000_000;
  private static final int[] KNOWN = {
    Errno.ECONNRESET,
    Errno.EPIPE,
    Errno.ETIMEDOUT,
    Errno.ECONNREFUSED,
    Errno.EHOSTUNREACH,
    Errno.ENETUNREACH,
    Errno.EADDRINUSE,
    Errno.EADDRNOTAVAIL
  };

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final List<SelectionKey> ready = new ArrayList<>();

  NioNet() throws IOException {
    selector = Selector.open();
  }

  @Override
  public Link connect(LoopConnection owner, InetSocketAddress remote, Options options)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      options.keepAlives().applyTo(channel.socket());
      options.localPorts().bind(channel.socket());
      boolean done = channel.connect(remote);
      NioLink link = new NioLink(owner, channel);
      int interest = done ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
      link.key = channel.register(selector, interest, link);
      return link;
    } catch (IOException e) {
      channel.close();
      int errno = known(e);
      throw errno == 0 ? e : new IOException(Errno.text(errno), e);
    }
  }

  /** The number that the kernel had for what Java says in words; 0 if it is none of these. */
  private static int known(IOException e) {
    String message = String.valueOf(e.getMessage());
    return Arrays.stream(KNOWN).filter(n -> message.contains(Errno.text(n))).findFirst().orElse(0);
  }

  @Override
  public int await(long timeoutNs) throws IOException {
    if (timeoutNs == 0) {
      selector.selectNow();
    } else {
      selector.select((timeoutNs + MS_NS - 1) / MS_NS);
    }
    ready.clear();
    ready.addAll(selector.selectedKeys());
    selector.selectedKeys().clear();
    return ready.size();
  }

  @Override
  public Link link(int i) {
    return ready.get(i).isValid() ? (Link) ready.get(i).attachment() : null;
  }

  @Override
  public int ready(int i) {
    SelectionKey key = ready.get(i);
    return (key.isReadable() ? IN : 0) | (key.isWritable() || key.isConnectable() ? OUT : 0);
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class NioLink extends Link {
    private final SocketChannel channel;
    private SelectionKey key;

    NioLink(LoopConnection owner, SocketChannel channel) {
      super(owner);
      this.channel = channel;
    }

    private static int error(IOException e) {
      int errno = known(e);
      return errno == 0 ? -Errno.EPIPE : -errno;
    }

    @Override
    int connected() {
      try {
        if (!channel.finishConnect()) {
          return -Errno.EAGAIN;
        }
        key.interestOps(SelectionKey.OP_READ);
        return 0;
      } catch (IOException e) {
        return error(e);
      }
    }

    @Override
    int receive(byte[] into, int at, int count) {
      buffer.clear().limit(Math.min(count, BUFFER));
      try {
        int n = channel.read(buffer);
        if (n > 0) {
          buffer.flip().get(into, at, n);
        }
        return n < 0 ? 0 : n == 0 ? -Errno.EAGAIN : n;
      } catch (IOException e) {
        return error(e);
      }
    }

    @Override
    int send(byte[] from, int at, int count) {
      int n = Math.min(count, BUFFER);
      buffer.clear().put(from, at, n).flip();
      try {
        int sent = channel.write(buffer);
        return sent == 0 ? -Errno.EAGAIN : sent;
      } catch (IOException e) {
        return error(e);
      }
    }

    @Override
    void awaitWritable(boolean on) {
      key.interestOps(SelectionKey.OP_READ | (on ? SelectionKey.OP_WRITE : 0));
    }

    @Override
    InetSocketAddress local() {
      return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    @Override
    void endWrites() {
      try {
        channel.shutdownOutput();
      } catch (IOException _) {
        // it is over already
      }
    }

    @Override
    void close() {
      try {
        channel.close();
      } catch (IOException _) {
        // it is over already
      }
    }
  }
}
