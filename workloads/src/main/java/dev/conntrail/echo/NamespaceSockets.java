package dev.conntrail.echo;

import dev.conntrail.posix.Posix;
import java.io.IOException;
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
          Posix.enter(netns);
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

  @Override
  public void close() {
    resident.shutdownNow();
  }
}
