package dev.conntrail.load.client;

import dev.conntrail.load.codec.OtherPort;
import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerEntry;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;

/** A socket that writes its own life into the ledger: when it connected, when and why it ended. */
final class TrackedSocket extends Socket {
  /** How many bytes of a server tell whether it speaks HTTP/2. */
  private static final int BEGINNING = 9;

  private final Connections connections;
  private final boolean http2;
  private final GoAwayWatch goAway = new GoAwayWatch();
  private final BooleanSupplier worn;
  private volatile LedgerEntry entry;
  private volatile Lifetimes.Life life;
  private final byte[] beginning = new byte[BEGINNING];
  private volatile int begun;

  private TrackedSocket(Connections connections, boolean http2, BooleanSupplier worn) {
    this.connections = connections;
    this.worn = worn;
    this.http2 = http2;
  }

  /**
   * A factory of unconnected ones, which is what OkHttp and Java-WebSocket ask for.
   *
   * @param http2 whether HTTP/2 is spoken on them
   * @param worn whether they were used long enough, where whoever has them knows
   */
  static SocketFactory factory(Connections connections, boolean http2, BooleanSupplier worn) {
    return new SocketFactory() {
      @Override
      public Socket createSocket() {
        return new TrackedSocket(connections, http2, worn);
      }

      @Override
      public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
      }

      @Override
      public Socket createSocket(String host, int port, InetAddress local, int localPort)
          throws IOException {
        return createSocket(InetAddress.getByName(host), port, local, localPort);
      }

      @Override
      public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
      }

      @Override
      public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
          throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(local, localPort));
        socket.connect(new InetSocketAddress(host, port));
        return socket;
      }
    };
  }

  LedgerEntry entry() {
    return entry;
  }

  /** Whether the server begins as one of HTTP/2, and something else is spoken. */
  boolean metHttp2() {
    return OtherPort.http2(beginning, 0, begun);
  }

  /** Whether it is to carry no more requests. */
  boolean over() {
    return life.over();
  }

  /** A request is sent on it. */
  void use() {
    life.use();
  }

  /** It is left, for it was used long enough. */
  void leave() {
    entry.retired();
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    connections.localPorts().bind(this);
    long start = System.nanoTime();
    super.connect(endpoint, timeout);
    setTcpNoDelay(true);
    connections.keepAlives().applyTo(this);
    entry =
        connections.opened(
            (InetSocketAddress) getLocalSocketAddress(), (InetSocketAddress) endpoint, start);
    life = connections.lifetimes().begin();
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  @Override
  public void close() throws IOException {
    died(connections.closing());
    super.close();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int b = noted(super::read);
        watch(new byte[] {(byte) b}, 0, b < 0 ? 0 : 1);
        return b;
      }

      @Override
      public int read(byte[] b, int off, int len) throws IOException {
        int n = noted(() -> super.read(b, off, len));
        watch(b, off, n);
        return n;
      }
    };
  }

  /** A reset, or the end of the kernel's patience, may be seen at a write first. */
  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(byte[] b, int off, int len) throws IOException {
        try {
          out.write(b, off, len);
        } catch (SocketException e) {
          throw failed(e);
        }
      }
    };
  }

  private SocketException failed(SocketException e) {
    died(isClosed() ? connections.closing() : Connections.failing(e));
    return e;
  }

  private void watch(byte[] b, int off, int n) {
    LedgerEntry e = entry;
    if (http2 && e != null) {
      for (int i = off; i < off + n; i++) {
        goAway.read(b[i]);
      }
      if (goAway.seen()) {
        e.goodbye();
      }
    }
    int had = begun;
    if (!http2 && had < BEGINNING && n > 0) {
      int more = Math.min(n, BEGINNING - had);
      System.arraycopy(b, off, beginning, had, more);
      begun = had + more;
    }
  }

  private interface Read {
    int get() throws IOException;
  }

  private int noted(Read read) throws IOException {
    try {
      int n = read.get();
      if (n < 0) {
        died(Death.PEER_FIN);
      }
      return n;
    } catch (SocketException e) {
      throw failed(e);
    }
  }

  private void died(Death death) {
    LedgerEntry e = entry;
    if (e != null) {
      if (worn.getAsBoolean()) {
        e.retired();
      }
      e.died(System.nanoTime(), death);
    }
  }
}
