package dev.conntrail.analysis;

import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import java.util.Optional;

/** Requests of a leg that have no reply: each explains one thing that a pod counts more. */
final class Unanswered {
  private long left;

  Unanswered(long left) {
    this.left = left;
  }

  /** Whether they explain that the pod served more requests than the client has replies to. */
  boolean served(ConnectionRow mine, EchoCount theirs) {
    long more = theirs.requestsCount() - mine.requestsCount();
    if (more <= 0 || more > left) {
      return false;
    }
    left -= more;
    return true;
  }

  /**
   * Whether one explains that a client does not know a connection: it gave it up as the pod took
   * it, and nothing was asked on it.
   */
  boolean givenUp(Optional<EchoCount> theirs) {
    if (theirs.isEmpty() || theirs.get().requestsCount() > 0 || left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
