package dev.conntrail.report.finding;

import dev.conntrail.result.row.ConnectionRow;
import java.util.Optional;

/** Rows of the ledger that differ from the usual in one thing. */
final class Ledgers {
  private Ledgers() {}

  /** So many of its replies came from another pod. */
  static ConnectionRow strayed(ConnectionRow c, long strays) {
    return with(c, c.podIndex(), c.pod(), c.bornMs(), c.requestsCount(), strays);
  }

  /** Nobody saw on which pod it landed. */
  static ConnectionRow lost(ConnectionRow c) {
    return with(c, Optional.empty(), Optional.empty(), c.bornMs(), 0, 0);
  }

  /** It was opened at another time, and lived as long. */
  static ConnectionRow born(ConnectionRow c, double ms) {
    return with(c, c.podIndex(), c.pod(), ms, c.requestsCount(), c.straysCount());
  }

  private static ConnectionRow with(
      ConnectionRow c,
      Optional<Integer> index,
      Optional<String> pod,
      double bornMs,
      long requests,
      long strays) {
    return new ConnectionRow(
        c.at(),
        c.client(),
        c.clientNode(),
        c.connection(),
        c.localAddress(),
        c.localPort(),
        c.remoteAddress(),
        c.remotePort(),
        index,
        pod,
        c.node(),
        c.podBy(),
        bornMs,
        c.connectNs(),
        c.livedMs(),
        c.lastReplyMs(),
        c.lastRequestMs(),
        c.death(),
        requests,
        requests,
        strays,
        Optional.empty());
  }
}
