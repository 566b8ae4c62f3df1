package dev.conntrail.load.client;

import dev.conntrail.record.LedgerEntry;

/** What becomes of a request. */
public interface Reply {
  /** A reply of this status of HTTP came; what becomes of the request is told next. */
  void replied(int status);

  /** A reply came, on this connection. */
  void arrived(LedgerEntry connection, String line);

  /** No reply will come. */
  void failed(Throwable why);
}
