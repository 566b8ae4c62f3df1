package dev.conntrail.load.loop;

import dev.conntrail.load.codec.Output;
import dev.conntrail.posix.Errno;
import java.util.Arrays;

/** What one socket has not taken yet; mostly nothing. */
final class Outbox {
  private static final byte[] NONE = {};

  /** What may wait beside the longest piece, bytes: a request is one piece, however long. */
  private static final int MOST = 1 << 20;

  private byte[] unsent = NONE;
  private int longest;

  /** Whether all is sent. */
  boolean empty() {
    return unsent.length == 0;
  }

  /** Whether a peer that reads nothing has had more said to it than anybody keeps for it. */
  boolean overflows(Output out) {
    longest = Math.max(longest, out.length());
    return (long) unsent.length + out.length() > (long) MOST + longest;
  }

  /**
   * Sends, behind what waits.
   *
   * @return 0, or the number of an error, negated
   */
  int send(Output out, Link link) {
    if (out.length() == 0) {
      return 0;
    }
    if (empty()) {
      return send(out.array(), out.length(), link);
    }
    int before = unsent.length;
    unsent = Arrays.copyOf(unsent, before + out.length());
    System.arraycopy(out.array(), 0, unsent, before, out.length());
    return 0;
  }

  /** The socket takes more. */
  int sendMore(Link link) {
    int result = empty() ? 0 : send(unsent, unsent.length, link);
    if (empty()) {
      link.awaitWritable(false);
    }
    return result;
  }

  private int send(byte[] bytes, int length, Link link) {
    int sent = link.send(bytes, 0, length);
    if (sent < 0 && sent != -Errno.EAGAIN) {
      return sent;
    }
    int done = Math.max(0, sent);
    if (done == length) {
      unsent = NONE;
    } else {
      unsent = Arrays.copyOfRange(bytes, done, length);
      link.awaitWritable(true);
    }
    return 0;
  }
}
