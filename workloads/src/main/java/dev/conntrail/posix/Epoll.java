package dev.conntrail.posix;

import static dev.conntrail.posix.NativeCalls.INT;
import static dev.conntrail.posix.NativeCalls.LONG;
import static dev.conntrail.posix.NativeCalls.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Which descriptors can be read or written (epoll(7)), for one thread; another may wake it. What
 * can be done is told once, when it becomes so (edge-triggered): the kernel does not look again at
 * each descriptor in the next wait. Waits are told in nanoseconds where the kernel can ({@code
 * epoll_pwait2}, Linux 5.11), and end as soon as they can: the thread's timers get no slack.
 */
public final class Epoll implements AutoCloseable {
  /** Something can be read, or the peer has ended its side. */
  public static final int IN = 1;

  /** Something can be written, or a connect has ended. */
  public static final int OUT = 4;

  /** The peer has ended its side, or both, whatever there is to be read before. */
  public static final int ENDED = 0x2000;

  /** The token of none: another thread woke this one. */
  public static final long WOKEN = -1;

  /** The token of none: a while is over. */
  public static final long ELAPSED = -2;

  private static final int EDGE = 1 << 31;
  private static final int ADD = 1;
  private static final int MODIFY = 3;
  private static final int CLOEXEC = 0x80000;
  private static final int NONBLOCK = 0x800;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final int MOST = 512;
  private static final long SECOND_NS = 1_000_000_000;
  private static final long MS_NS = 1_000_000;
  private static final int FOREVER = -1;

  /** {@code struct epoll_event} is packed on this one machine alone. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int TOKEN_AT = PACKED ? 4 : 8;

  private static final MethodHandle CREATE = NativeCalls.of("epoll_create1", INT);
  private static final MethodHandle CTL = NativeCalls.of("epoll_ctl", INT, INT, INT, POINTER);
  private static final MethodHandle WAIT = NativeCalls.of("epoll_wait", INT, POINTER, INT, INT);
  private static final Optional<MethodHandle> PWAIT2 =
      NativeCalls.find(
          "epoll_pwait2",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, POINTER, INT, POINTER, POINTER));
  private static final MethodHandle EVENTFD = NativeCalls.of("eventfd", INT, INT);
  private static final MethodHandle READ = NativeCalls.ofLong("read", INT, POINTER, LONG);
  private static final MethodHandle WRITE = NativeCalls.ofLong("write", INT, POINTER, LONG);
  private static final MethodHandle CLOSE = NativeCalls.of("close", INT);
  private static final MethodHandle PRCTL = NativeCalls.of("prctl", INT, LONG, LONG, LONG, LONG);
  private static final MethodHandle TIMER_CREATE = NativeCalls.of("timerfd_create", INT, INT);
  private static final MethodHandle TIMER_SET =
      NativeCalls.of("timerfd_settime", INT, INT, POINTER, POINTER);
  private static final MethodHandle PRECISE = PWAIT2.orElse(WAIT);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = arena.allocate(NativeCalls.CAPTURE);
  private final MemorySegment event = arena.allocate(EVENT_BYTES, 8);
  private final MemorySegment events = arena.allocate((long) MOST * EVENT_BYTES, 8);
  private final MemorySegment timeout = arena.allocate(ValueLayout.JAVA_LONG, 2);
  private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
  private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
  private final MemorySegment period = arena.allocate(ValueLayout.JAVA_LONG, 4);
  private final int fd;
  private final int bell;
  private final int timer;
  private long elapsesNs = System.nanoTime();
  private boolean precise = PWAIT2.isPresent();

  /**
   * A new one.
   *
   * @throws IOException if the process has no descriptor left
   */
  public Epoll() throws IOException {
    try {
      fd = check((int) CREATE.invokeExact(errno, CLOEXEC), "epoll_create1");
      bell = check((int) EVENTFD.invokeExact(errno, 0, CLOEXEC | NONBLOCK), "eventfd");
      timer =
          check(
              (int) TIMER_CREATE.invokeExact(errno, CLOCK_MONOTONIC, CLOEXEC | NONBLOCK),
              "timerfd_create");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
    add(bell, WOKEN, IN);
    add(timer, ELAPSED, IN);
  }

  /** Whether this machine has it. */
  public static boolean here() {
    return System.getProperty("os.name").equals("Linux");
  }

  private int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": " + Errno.text(NativeCalls.errno(errno)));
    }
    return result;
  }

  /** Lets the waits of the calling thread end as near to their time as the kernel can. */
  public void noSlack() {
    try {
      int _ = (int) PRCTL.invokeExact(errno, PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /**
   * Watches a descriptor until it is closed; the token is told when there is something to do, or is
   * already.
   */
  public void add(int descriptor, long token, int interest) throws IOException {
    control(ADD, descriptor, token, interest);
  }

  /** Watches it for something else, which may be there already. */
  public void modify(int descriptor, long token, int interest) throws IOException {
    control(MODIFY, descriptor, token, interest);
  }

  private void control(int what, int descriptor, long token, int interest) throws IOException {
    event.set(ValueLayout.JAVA_INT, 0, interest | ENDED | EDGE);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, TOKEN_AT, token);
    try {
      check((int) CTL.invokeExact(errno, fd, what, descriptor, event), "epoll_ctl");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /**
   * Waits. For a long while one timer is set, which may end several waits, each not later than it
   * should: what a wait with a time of its own costs the kernel, each of them is spared.
   *
   * @param timeoutNs how long at most; 0 not to wait
   * @return how many descriptors there is something to do for
   */
  public int await(long timeoutNs) throws IOException {
    try {
      boolean timed = timeoutNs > MS_NS;
      if (timed) {
        elapse(timeoutNs);
      }
      int ready = precise ? precisely(timeoutNs, timed) : coarsely(timeoutNs, timed);
      if (ready >= 0) {
        return ready;
      }
      int why = NativeCalls.errno(errno);
      if (precise && why == Errno.ENOSYS) {
        precise = false;
        return 0;
      }
      return why == Errno.EINTR ? 0 : check(ready, "epoll_wait");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Has the timer end the wait by then. */
  private void elapse(long timeoutNs) throws Throwable {
    long now = System.nanoTime();
    long leftNs = elapsesNs - now;
    if (leftNs <= 0 || leftNs > timeoutNs) {
      period.setAtIndex(ValueLayout.JAVA_LONG, 2, timeoutNs / SECOND_NS);
      period.setAtIndex(ValueLayout.JAVA_LONG, 3, timeoutNs % SECOND_NS);
      check((int) TIMER_SET.invokeExact(errno, timer, 0, period, MemorySegment.NULL), "timerfd");
      elapsesNs = now + timeoutNs;
    }
  }

  private int precisely(long timeoutNs, boolean timed) throws Throwable {
    timeout.setAtIndex(ValueLayout.JAVA_LONG, 0, timeoutNs / SECOND_NS);
    timeout.setAtIndex(ValueLayout.JAVA_LONG, 1, timeoutNs % SECOND_NS);
    MemorySegment most = timed ? MemorySegment.NULL : timeout;
    return (int) PRECISE.invokeExact(errno, fd, events, MOST, most, MemorySegment.NULL);
  }

  private int coarsely(long timeoutNs, boolean timed) throws Throwable {
    int ms = timed ? FOREVER : (int) Math.min(1000, (timeoutNs + MS_NS - 1) / MS_NS);
    return (int) WAIT.invokeExact(errno, fd, events, MOST, ms);
  }

  /** The token of one of them, or {@link #WOKEN}, or {@link #ELAPSED}. */
  public long token(int i) {
    long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * (long) EVENT_BYTES + TOKEN_AT);
    if (token == WOKEN) {
      try {
        long _ = (long) READ.invokeExact(errno, bell, count, (long) Long.BYTES);
      } catch (Throwable e) {
        throw NativeCalls.unexpected(e);
      }
    }
    return token;
  }

  /** What can be done with it; errors count as all. */
  public int ready(int i) {
    int flags = events.get(ValueLayout.JAVA_INT_UNALIGNED, i * (long) EVENT_BYTES);
    return (flags & ~(IN | OUT | ENDED)) != 0 ? IN | OUT | ENDED : flags;
  }

  /** Ends the wait of the thread that waits, or its next one. Any thread may. */
  public void wake() {
    try (Arena own = Arena.ofConfined()) {
      long _ =
          (long) WRITE.invokeExact(own.allocate(NativeCalls.CAPTURE), bell, one, (long) Long.BYTES);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** Gives all back; nobody may wait, or wake. */
  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(errno, timer);
      int _ = (int) CLOSE.invokeExact(errno, bell);
      int _ = (int) CLOSE.invokeExact(errno, fd);
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
    arena.close();
  }
}
