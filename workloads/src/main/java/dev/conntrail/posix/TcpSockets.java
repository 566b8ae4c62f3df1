package dev.conntrail.posix;

import static dev.conntrail.posix.NativeCalls.INT;
import static dev.conntrail.posix.NativeCalls.LONG;
import static dev.conntrail.posix.NativeCalls.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * TCP sockets that never wait, as plain descriptors, for one thread. A result below 0 is that of a
 * call that failed: the number of its error ({@link Errno}), negated.
 */
public final class TcpSockets {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_ERROR = 4;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SHUT_WR = 1;
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;

  private static final MethodHandle SOCKET = NativeCalls.of("socket", INT, INT, INT);
  private static final MethodHandle SETSOCKOPT =
      NativeCalls.of("setsockopt", INT, INT, INT, POINTER, INT);
  private static final MethodHandle GETSOCKOPT =
      NativeCalls.of("getsockopt", INT, INT, INT, POINTER, POINTER);
  private static final MethodHandle GETSOCKNAME =
      NativeCalls.of("getsockname", INT, POINTER, POINTER);
  private static final MethodHandle BIND = NativeCalls.of("bind", INT, POINTER, INT);
  private static final MethodHandle CONNECT = NativeCalls.of("connect", INT, POINTER, INT);
  private static final MethodHandle SHUTDOWN = NativeCalls.of("shutdown", INT, INT);
  private static final MethodHandle CLOSE = NativeCalls.of("close", INT);
  private static final MethodHandle RECV =
      NativeCalls.ofLongAtOnce("recv", INT, POINTER, LONG, INT);
  private static final MethodHandle SEND =
      NativeCalls.ofLongAtOnce("send", INT, POINTER, LONG, INT);

  private final MemorySegment errno;
  private final MemorySegment address;
  private final MemorySegment number;
  private final MemorySegment size;

  /**
   * Calls with memory of their own.
   *
   * @param arena how long that memory lives
   */
  public TcpSockets(Arena arena) {
    errno = arena.allocate(NativeCalls.CAPTURE);
    address = arena.allocate(IPV6_BYTES, 8);
    number = arena.allocate(ValueLayout.JAVA_INT);
    size = arena.allocate(ValueLayout.JAVA_INT);
  }

  private int result(int value) {
    return value < 0 ? -NativeCalls.errno(errno) : value;
  }

  /** A socket for addresses like this one, which sends at once. */
  public int open(InetAddress like) {
    int family = like instanceof Inet6Address ? AF_INET6 : AF_INET;
    try {
      int fd =
          (int) SOCKET.invokeExact(errno, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      if (fd < 0) {
        return result(fd);
      }
      int set = option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      return set < 0 ? set : fd;
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  private int option(int fd, int level, int name, int value) {
    number.set(ValueLayout.JAVA_INT, 0, value);
    try {
      return result((int) SETSOCKOPT.invokeExact(errno, fd, level, name, number, Integer.BYTES));
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Has the kernel probe an idle connection so often, and give it up after so many probes. */
  public int keepAlive(int fd, int seconds, int probes) {
    int set = option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set = Math.min(set, option(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds));
    set = Math.min(set, option(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds));
    return Math.min(set, option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes));
  }

  /** Gives a socket a local address and port, which another may have had a moment ago. */
  public int bind(int fd, InetSocketAddress local) {
    int set = option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (set < 0) {
      return set;
    }
    try {
      return result((int) BIND.invokeExact(errno, fd, address, write(local)));
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Begins to connect; mostly {@code -EINPROGRESS}. */
  public int connect(int fd, InetSocketAddress remote) {
    try {
      return result((int) CONNECT.invokeExact(errno, fd, address, write(remote)));
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** As the kernel has addresses ({@code struct sockaddr_in}, {@code sockaddr_in6}); its size. */
  private int write(InetSocketAddress of) {
    byte[] ip = of.getAddress().getAddress();
    boolean v6 = ip.length == 16;
    address.fill((byte) 0);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) (v6 ? AF_INET6 : AF_INET));
    address.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) of.getPort()));
    MemorySegment.copy(ip, 0, address, ValueLayout.JAVA_BYTE, v6 ? 8 : 4, ip.length);
    if (of.getAddress() instanceof Inet6Address six) {
      address.set(ValueLayout.JAVA_INT, 24, six.getScopeId());
    }
    return v6 ? IPV6_BYTES : IPV4_BYTES;
  }

  /** The address and port that a socket has. */
  public InetSocketAddress local(int fd) {
    size.set(ValueLayout.JAVA_INT, 0, IPV6_BYTES);
    try {
      int got = (int) GETSOCKNAME.invokeExact(errno, fd, address, size);
      boolean v6 = got == 0 && address.get(ValueLayout.JAVA_SHORT, 0) == AF_INET6;
      byte[] ip = new byte[v6 ? 16 : 4];
      MemorySegment.copy(address, ValueLayout.JAVA_BYTE, v6 ? 8 : 4, ip, 0, ip.length);
      int port = Short.toUnsignedInt(Short.reverseBytes(address.get(ValueLayout.JAVA_SHORT, 2)));
      return new InetSocketAddress(InetAddress.getByAddress(ip), got == 0 ? port : 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** What became of a connect that was begun: 0, or why there is no connection. */
  public int error(int fd) {
    size.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
    try {
      int got = (int) GETSOCKOPT.invokeExact(errno, fd, SOL_SOCKET, SO_ERROR, number, size);
      return got < 0 ? result(got) : -number.get(ValueLayout.JAVA_INT, 0);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Receives up to so many bytes, on Java's heap or not; 0 if the peer has ended its side. */
  public int receive(int fd, MemorySegment into, long count) {
    try {
      return result((int) (long) RECV.invokeExact(errno, fd, into, count, 0));
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Sends as many bytes as the kernel takes, from Java's heap or not. */
  public int send(int fd, MemorySegment from, long count) {
    try {
      return result((int) (long) SEND.invokeExact(errno, fd, from, count, MSG_NOSIGNAL));
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Ends this side; the other's may go on. */
  public void shutdownWrites(int fd) {
    try {
      int _ = (int) SHUTDOWN.invokeExact(errno, fd, SHUT_WR);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Gives the descriptor back. */
  public void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(errno, fd);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }
}
