package dev.conntrail.echo;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A listening socket of a pod, which puts a {@link Gate} before all else of each connection. */
final class PodListener extends NioServerSocketChannel {
  private static final long NONE_YET = -1;

  private final Function<Socket, Gate> gates;

  /** Of its event loop alone. */
  private long taken;

  PodListener(ServerSocketChannel socket, Function<Socket, Gate> gates) {
    super(socket);
    this.gates = gates;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    SocketChannel channel = javaChannel().accept();
    if (channel == null) {
      return 0;
    }
    Socket socket = new Socket(this, channel);
    socket.pipeline().addFirst(gates.apply(socket));
    accepted.add(socket);
    taken++;
    return 1;
  }

  /**
   * Done when no connection waits for {@code accept(2)} that was in the queue when this was called:
   * when its event loop has looked at its sockets and found none. A listener that is paused takes
   * none.
   */
  Future<?> tookAll() {
    EventLoop loop = eventLoop();
    Promise<Boolean> none = loop.newPromise();
    look(loop, NONE_YET, none);
    return none;
  }

  /** What is scheduled, and not just submitted, runs after the loop has looked again. */
  private void look(EventLoop loop, long before, Promise<Boolean> none) {
    loop.schedule(
        () -> {
          if (taken == before) {
            none.trySuccess(true);
          } else {
            look(loop, taken, none);
          }
        },
        1,
        TimeUnit.MILLISECONDS);
  }

  /** An accepted connection. */
  static final class Socket extends NioSocketChannel {
    private Socket(PodListener listener, SocketChannel channel) {
      super(listener, channel);
    }

    /**
     * Has it end as the kernel ends those of a killed process, once it is closed. Linux closes each
     * socket (net/ipv4/tcp.c, {@code __tcp_close}): with data in it that the process has not read,
     * it sends an RST and no FIN; else a FIN, and an RST to whatever comes later. Java says FIN
     * before it closes, which a killed process does not, unless the socket lingers for no time;
     * that makes an RST, and is asked for where the kernel would send one.
     */
    void asKilled() throws IOException {
      if (javaChannel().isConnected() && javaChannel().read(ByteBuffer.allocate(1)) > 0) {
        javaChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    }
  }
}
