package dev.conntrail.load.loop;

import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.posix.Epoll;
import dev.conntrail.posix.Errno;
import dev.conntrail.posix.TcpSockets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** By epoll and plain descriptors. */
final class EpollNet implements Net {
  /** To fall asleep and wake up takes the kernel as long: it is asked again and again instead. */
  private static final long SHORTEST_NS = 50_000;

  private final Arena arena = Arena.ofShared();
  private final Epoll epoll;
  private final TcpSockets sockets = new TcpSockets(arena);
  private final OnHeap received = new OnHeap();
  private final OnHeap sent = new OnHeap();
  private EpollLink[] links = new EpollLink[64];
  private int generations;

  EpollNet() throws IOException {
    epoll = new Epoll();
  }

  /** Bytes as calls take them; nearly all are the same array's, from its start. */
  private static final class OnHeap {
    private byte[] array = {};
    private MemorySegment segment = MemorySegment.ofArray(array);

    @SuppressWarnings("ReferenceEquality") // the same array, whatever is in it
    MemorySegment of(byte[] bytes, int from) {
      if (bytes != array) {
        array = bytes;
        segment = MemorySegment.ofArray(bytes);
      }
      return from == 0 ? segment : segment.asSlice(from);
    }
  }

  private static IOException failed(int result) {
    return new IOException(Errno.text(-result));
  }

  @Override
  public Link connect(LoopConnection owner, InetSocketAddress remote, Options options)
      throws IOException {
    int fd = sockets.open(remote.getAddress());
    if (fd < 0) {
      throw failed(fd);
    }
    try {
      return begin(owner, fd, remote, options);
    } catch (IOException e) {
      sockets.close(fd);
      throw e;
    }
  }

  private Link begin(LoopConnection owner, int fd, InetSocketAddress remote, Options options)
      throws IOException {
    int set = 0;
    if (options.keepAlives().probes()) {
      set = sockets.keepAlive(fd, options.keepAlives().seconds(), KeepAlives.PROBES);
    }
    int port = options.localPorts().next();
    if (set >= 0 && port > 0) {
      InetAddress any =
          InetAddress.getByAddress(new byte[remote.getAddress() instanceof Inet6Address ? 16 : 4]);
      set = sockets.bind(fd, new InetSocketAddress(any, port));
    }
    if (set < 0) {
      throw failed(set);
    }
    int begun = sockets.connect(fd, remote);
    if (begun < 0 && begun != -Errno.EINPROGRESS) {
      throw failed(begun);
    }
    if (fd >= links.length) {
      links = Arrays.copyOf(links, Math.max(fd + 1, 2 * links.length));
    }
    EpollLink link = new EpollLink(owner, fd, generations++ & Integer.MAX_VALUE);
    epoll.add(fd, link.token(), IN | OUT);
    links[fd] = link;
    return link;
  }

  @Override
  public void prepare() {
    epoll.noSlack();
  }

  @Override
  public int await(long timeoutNs) throws IOException {
    return epoll.await(timeoutNs < SHORTEST_NS ? 0 : timeoutNs);
  }

  /** A descriptor may be another's by now: then the generation differs. */
  @Override
  public Link link(int i) {
    long token = epoll.token(i);
    if (token == Epoll.WOKEN || token == Epoll.ELAPSED) {
      return null;
    }
    EpollLink link = links[(int) token];
    return link != null && link.token() == token ? link : null;
  }

  @Override
  public int ready(int i) {
    return epoll.ready(i);
  }

  @Override
  public void wake() {
    epoll.wake();
  }

  @Override
  public void close() {
    for (EpollLink link : links) {
      if (link != null) {
        link.close();
      }
    }
    epoll.close();
    arena.close();
  }

  private final class EpollLink extends Link {
    private final int fd;
    private final long token;
    private boolean watched = true;

    EpollLink(LoopConnection owner, int fd, int generation) {
      super(owner);
      this.fd = fd;
      this.token = ((long) generation << Integer.SIZE) | fd;
    }

    long token() {
      return token;
    }

    @Override
    int connected() {
      return sockets.error(fd);
    }

    @Override
    int receive(byte[] into, int at, int count) {
      return sockets.receive(fd, received.of(into, at), count);
    }

    @Override
    int send(byte[] from, int at, int count) {
      int done = 0;
      while (done < count) {
        int result = sockets.send(fd, sent.of(from, at + done), count - done);
        if (result < 0) {
          return done > 0 ? done : result;
        }
        done += result;
      }
      return done;
    }

    @Override
    void awaitWritable(boolean on) {
      if (on != watched) {
        watched = on;
        try {
          epoll.modify(fd, token, on ? IN | OUT : IN);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    InetSocketAddress local() {
      return sockets.local(fd);
    }

    @Override
    void endWrites() {
      sockets.shutdownWrites(fd);
    }

    @Override
    void close() {
      if (links[fd] == this) {
        links[fd] = null;
        sockets.close(fd);
      }
    }
  }
}
