package dev.conntrail.posix;

import static dev.conntrail.posix.NativeCalls.INT;
import static dev.conntrail.posix.NativeCalls.LONG;
import static dev.conntrail.posix.NativeCalls.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls of the thread that makes them: namespaces, CPU affinity, and IPv4 TCP sockets as
 * plain descriptors, whose cost is the kernel's and not that of Java's channels. Linux on 64-bit
 * machines.
 */
public final class Posix {
  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_LINGER = 13;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int ADDRESS_BYTES = 16;
  private static final int CPU_SET_BYTES = 128;

  /** How often a byte that was sent is looked for, a millisecond apart. */
  private static final int LOOKS = 1000;

  private static final MethodHandle OPEN = NativeCalls.ofVariadic("open", 2, POINTER, INT);
  private static final MethodHandle CLOSE = NativeCalls.of("close", INT);
  private static final MethodHandle SETNS = NativeCalls.of("setns", INT, INT);
  private static final MethodHandle SOCKET = NativeCalls.of("socket", INT, INT, INT);
  private static final MethodHandle SETSOCKOPT =
      NativeCalls.of("setsockopt", INT, INT, INT, POINTER, INT);
  private static final MethodHandle BIND = NativeCalls.of("bind", INT, POINTER, INT);
  private static final MethodHandle LISTEN = NativeCalls.of("listen", INT, INT);
  private static final MethodHandle CONNECT = NativeCalls.of("connect", INT, POINTER, INT);
  private static final MethodHandle ACCEPT = NativeCalls.of("accept4", INT, POINTER, POINTER, INT);
  private static final MethodHandle SEND = NativeCalls.ofLong("send", INT, POINTER, LONG, INT);
  private static final MethodHandle RECEIVE = NativeCalls.ofLong("recv", INT, POINTER, LONG, INT);
  private static final MethodHandle AFFINITY =
      NativeCalls.of("sched_setaffinity", INT, LONG, POINTER);

  private final MemorySegment errno;
  private final MemorySegment one;
  private final MemorySegment linger;
  private final MemorySegment local;
  private final MemorySegment buffer;

  /**
   * Calls with memory of their own.
   *
   * @param arena how long that memory lives
   */
  public Posix(Arena arena) {
    errno = arena.allocate(NativeCalls.CAPTURE);
    one = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
    linger = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 0);
    local = address(arena, 0, 0);
    buffer = arena.allocate(1);
  }

  /**
   * An address as the kernel takes it ({@code struct sockaddr_in}).
   *
   * @param ip IPv4, host order
   */
  public static MemorySegment address(Arena arena, int ip, int port) {
    MemorySegment address = arena.allocate(ADDRESS_BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
    address.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) port));
    address.set(ValueLayout.JAVA_INT, 4, Integer.reverseBytes(ip));
    return address;
  }

  /** Gives an address another IPv4 address, host order. */
  public static void point(MemorySegment address, int ip) {
    address.set(ValueLayout.JAVA_INT, 4, Integer.reverseBytes(ip));
  }

  /**
   * Moves the calling thread into a network namespace (setns(2)).
   *
   * @param netns its file
   * @throws IOException if it cannot be opened or entered
   */
  public static void enter(String netns) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Posix posix = new Posix(arena);
      int fd =
          posix.check(
              (int) OPEN.invokeExact(posix.errno, arena.allocateFrom(netns), O_RDONLY | O_CLOEXEC),
              "cannot open namespace " + netns);
      try {
        posix.check(
            (int) SETNS.invokeExact(posix.errno, fd, CLONE_NEWNET),
            "cannot enter namespace " + netns + ", which needs root");
      } finally {
        posix.close(fd);
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Keeps the calling thread on one CPU (sched_setaffinity(2)). */
  public static void pin(int cpu) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(CPU_SET_BYTES);
      set.set(ValueLayout.JAVA_BYTE, cpu / 8, (byte) (1 << cpu % 8));
      Posix posix = new Posix(arena);
      posix.check(
          (int) AFFINITY.invokeExact(posix.errno, 0, (long) CPU_SET_BYTES, set),
          "cannot stay on CPU " + cpu);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A TCP socket of the calling thread's namespace. */
  public int socket() throws IOException {
    try {
      return check((int) SOCKET.invokeExact(errno, AF_INET, SOCK_STREAM, 0), "socket");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A TCP socket that listens and whose accept does not wait. */
  public int listen(MemorySegment address, int backlog) throws IOException {
    try {
      int fd =
          check((int) SOCKET.invokeExact(errno, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
      option(fd, SOL_SOCKET, SO_REUSEADDR, one);
      check((int) BIND.invokeExact(errno, fd, address, ADDRESS_BYTES), "bind");
      check((int) LISTEN.invokeExact(errno, fd, backlog), "listen");
      return fd;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Gives a socket a local port, and the habit to send at once and to close with a reset. */
  public void prepare(int fd, int localPort) throws IOException {
    try {
      option(fd, SOL_SOCKET, SO_LINGER, linger);
      option(fd, SOL_SOCKET, SO_REUSEADDR, one);
      option(fd, IPPROTO_TCP, TCP_NODELAY, one);
      local.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) localPort));
      check((int) BIND.invokeExact(errno, fd, local, ADDRESS_BYTES), "bind to " + localPort);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private void option(int fd, int level, int name, MemorySegment value) throws Throwable {
    check(
        (int) SETSOCKOPT.invokeExact(errno, fd, level, name, value, (int) value.byteSize()),
        "setsockopt");
  }

  /** connect(2); 0, or the error's number. */
  public int connect(int fd, MemorySegment address) throws IOException {
    try {
      int result = (int) CONNECT.invokeExact(errno, fd, address, ADDRESS_BYTES);
      return result == 0 ? 0 : NativeCalls.errno(errno);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** accept4(2) without waiting; -1 if there is none. */
  public int accept(int fd) throws IOException {
    try {
      int accepted =
          (int)
              ACCEPT.invokeExact(errno, fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_NONBLOCK);
      return accepted < 0 && NativeCalls.errno(errno) == Errno.EAGAIN
          ? -1
          : check(accepted, "accept");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sends one byte. */
  public void sendByte(int fd) throws IOException {
    try {
      check((int) (long) SEND.invokeExact(errno, fd, buffer, 1L, 0), "send");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Receives one byte that was sent: it is there already, unless the kernel has put its delivery
   * off ({@code ksoftirqd}), for which it then waits.
   */
  public void receiveByte(int fd) throws IOException {
    try {
      int received = (int) (long) RECEIVE.invokeExact(errno, fd, buffer, 1L, 0);
      for (int i = 0; received < 0 && NativeCalls.errno(errno) == Errno.EAGAIN && i < LOOKS; i++) {
        Thread.sleep(1);
        received = (int) (long) RECEIVE.invokeExact(errno, fd, buffer, 1L, 0);
      }
      check(received, "recv");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** close(2). */
  public void close(int fd) throws IOException {
    try {
      check((int) CLOSE.invokeExact(errno, fd), "close");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": errno " + NativeCalls.errno(errno));
    }
    return result;
  }

  private static IOException rethrown(Throwable e) {
    return switch (e) {
      case IOException io -> io;
      case RuntimeException r -> throw r;
      case Error error -> throw error;
      default -> throw new IllegalStateException(e);
    };
  }
}
