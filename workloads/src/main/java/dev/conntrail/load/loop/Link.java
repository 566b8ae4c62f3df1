package dev.conntrail.load.loop;

import dev.conntrail.posix.Errno;
import dev.conntrail.record.Death;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A socket that never waits. A result below 0 is the number of an error ({@link
 * dev.conntrail.posix.Errno}), negated.
 */
abstract class Link {
  private static final String NOBODY_LISTENS =
      "; mend: start what is to listen there, or another --target";

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

  /** An address as it is written. */
  static String written(InetSocketAddress address) {
    String ip = address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip)
        + ":"
        + address.getPort();
  }

  /** Why there is no connection to an address. */
  static IOException none(InetSocketAddress there, String why) {
    boolean nobody = why.equals(Errno.text(Errno.ECONNREFUSED));
    return new IOException(written(there) + ": " + why + (nobody ? NOBODY_LISTENS : ""));
  }

  /**
   * Why a connection ended.
   *
   * @param errno the number of the error; 0 if the peer ended its side
   * @param cut what came of a reply that is not whole; empty if nothing did
   */
  static IOException ended(int errno, String cut) {
    return new IOException(
        (errno == 0 ? "the peer closed the connection" : Errno.text(errno))
            + (cut.isEmpty() ? "" : " within a reply, after " + cut));
  }

  /** What an error, or 0 for the peer's end, means to a connection. */
  static Death death(int errno) {
    return switch (errno) {
      case 0 -> Death.PEER_FIN;
      case Errno.ECONNRESET, Errno.EPIPE -> Death.RESET;
      case Errno.ETIMEDOUT -> Death.TIMED_OUT;
      default -> Death.ERROR;
    };
  }
}
