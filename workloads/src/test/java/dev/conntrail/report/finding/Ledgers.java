package dev.conntrail.report.finding;

import dev.conntrail.result.LikeRow;
import dev.conntrail.result.row.ConnectionRow;

/** Rows of the ledger that differ from the usual in one thing. */
final class Ledgers {
  private Ledgers() {}

  /** So many of its replies came from another pod. */
  static ConnectionRow strayed(ConnectionRow c, long strays) {
    return LikeRow.of(c).strayed(strays).row();
  }

  /** Nobody saw on which pod it landed. */
  static ConnectionRow lost(ConnectionRow c) {
    return LikeRow.of(c).onNoPod().answered(0, 0).strayed(0).row();
  }

  /** It was opened at another time, and lived as long. */
  static ConnectionRow born(ConnectionRow c, double ms) {
    return LikeRow.of(c).born(ms).row();
  }
}
