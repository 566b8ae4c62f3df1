package dev.conntrail.echo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Opens listening sockets in other network namespaces (setns(2)). A socket belongs for ever to the
 * namespace in which its descriptor was made, so one resident platform thread enters namespaces and
 * opens sockets, and does nothing else: a thread that it started would be born in some pod's
 * namespace.
 */
final class NamespaceSockets implements AutoCloseable {
  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LIBC.findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      LINKER.downcallHandle(
          LIBC.findOrThrow("setns"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LIBC.findOrThrow("close"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final ExecutorService resident =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("netns").factory());

  /**
   * Opens a listening channel, not yet bound.
   *
   * @param netns file of the namespace; empty for the process's own
   * @throws IOException if the namespace cannot be entered
   */
  ServerSocketChannel open(String netns) throws IOException {
    return netns.isEmpty()
        ? ServerSocketChannel.open()
        : resident(() -> {
          enter(netns);
          return ServerSocketChannel.open();
        });
  }

  private <T> T resident(Callable<T> task) throws IOException {
    try {
      return resident.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void enter(String netns) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURE);
      int fd = (int) OPEN.invokeExact(errno, arena.allocateFrom(netns), O_RDONLY | O_CLOEXEC);
      if (fd < 0) {
        throw new IOException(
            "cannot open namespace " + netns + ": errno " + (int) ERRNO.get(errno, 0L));
      }
      try {
        int result = (int) SETNS.invokeExact(errno, fd, CLONE_NEWNET);
        if (result != 0) {
          throw new IOException(
              "cannot enter namespace "
                  + netns
                  + ": errno "
                  + (int) ERRNO.get(errno, 0L)
                  + "; it needs root");
        }
      } finally {
        int _ = (int) CLOSE.invokeExact(fd);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    resident.shutdownNow();
  }
}
