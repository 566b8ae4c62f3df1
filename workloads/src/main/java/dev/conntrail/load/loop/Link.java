package dev.conntrail.load.loop;

import dev.conntrail.posix.Errno;
import dev.conntrail.record.Death;
import java.net.InetSocketAddress;

/**
 * A socket that never waits. A result below 0 is the number of an error ({@link
 * dev.conntrail.posix.Errno}), negated.
 */
abstract class Link {
  private final LoopConnection owner;

  Link(LoopConnection owner) {
    this.owner = owner;
  }

  final LoopConnection owner() {
    return owner;
  }

  /** What became of the connect: 0 once it is made. */
  abstract int connected();

  /** Receives up to so many bytes; 0 if the peer has ended its side. */
  abstract int receive(byte[] into, int at, int count);

  /** Sends as many bytes as the kernel takes. */
  abstract int send(byte[] from, int at, int count);

  /** Whether to be told when something can be written. */
  abstract void awaitWritable(boolean on);

  /** The client's end. */
  abstract InetSocketAddress local();

  /** Ends the client's side. */
  abstract void endWrites();

  /** Ends all. */
  abstract void close();

  /** What an error means to a connection. */
  static Death death(int errno) {
    return switch (errno) {
      case Errno.ECONNRESET, Errno.EPIPE -> Death.RESET;
      case Errno.ETIMEDOUT -> Death.TIMED_OUT;
      default -> Death.ERROR;
    };
  }
}
