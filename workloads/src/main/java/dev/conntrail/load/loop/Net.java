package dev.conntrail.load.loop;

import dev.conntrail.load.client.KeepAlives;
import dev.conntrail.load.client.LocalPorts;
import dev.conntrail.posix.Epoll;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The sockets of one thread, and which of them there is something to do for. */
interface Net extends AutoCloseable {
  /** Something can be read, or a peer has ended its side; told once, when it becomes so. */
  int IN = Epoll.IN;

  /** Something can be written, or a connect has ended. */
  int OUT = Epoll.OUT;

  /** A peer has ended its side, whatever there is to be read before. */
  int ENDED = Epoll.ENDED;

  /**
   * How sockets are made.
   *
   * @param keepAlives what the kernel sends on them
   * @param localPorts which ports they have
   */
  record Options(KeepAlives keepAlives, LocalPorts localPorts) {}

  /** Opens one. */
  @FunctionalInterface
  interface Opener {
    Net open() throws IOException;
  }

  /** What this machine has: epoll, or Java's own selector. */
  static Net open() throws IOException {
    return Epoll.here() ? new EpollNet() : new NioNet();
  }

  /**
   * Begins to connect; the link can be written when that has ended.
   *
   * @throws IOException if it cannot even begin
   */
  Link connect(LoopConnection owner, InetSocketAddress remote, Options options) throws IOException;

  /** Waits so many nanoseconds at most; how many links there is something to do for. */
  int await(long timeoutNs) throws IOException;

  /** One of them; null if it is closed, or none. */
  Link link(int i);

  /** What can be done with it. */
  int ready(int i);

  /** The calling thread is the one that waits. */
  default void prepare() {
    // nothing to do
  }

  /** Ends a wait. Any thread may. */
  void wake();

  @Override
  void close();
}
