package dev.conntrail.load.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The local ports of a client that has few: it takes them in turn, so that each is soon used again,
 * as ports are on a busy client.
 */
public final class LocalPorts {
  private static final int FIRST = 20_000;

  private final int count;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * So many ports.
   *
   * @param count how many; 0 to let the kernel choose
   */
  public LocalPorts(int count) {
    this.count = count;
  }

  /** Binds a socket to the next port; connecting fails if another connection still has it. */
  public void bind(Socket socket) throws IOException {
    int port = next();
    if (port > 0) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
    }
  }

  /** The next one; 0 to let the kernel choose. */
  public int next() {
    return count == 0 ? 0 : FIRST + Math.floorMod(next.getAndIncrement(), count);
  }
}
