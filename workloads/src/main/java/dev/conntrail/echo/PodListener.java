package dev.conntrail.echo;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Function;

/** A listening socket of a pod, which puts a {@link Gate} before all else of each connection. */
final class PodListener extends NioServerSocketChannel {
  private final Function<Socket, Gate> gates;

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
    return 1;
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
