package dev.conntrail.record;

import dev.conntrail.spec.Named;

/** Why a connection ended. */
public enum Death implements Named {
  /** It had not ended when the ledger was written. */
  OPEN("open"),
  /** The client closed it: drain, or the one request of a short-lived connection was answered. */
  CLIENT("client-close"),
  /** The pod's side closed it (FIN). */
  PEER_FIN("peer-fin"),
  /** It was reset (RST). */
  RESET("reset"),
  /** It never came to be, or broke otherwise. */
  ERROR("error");

  private final String word;

  Death(String word) {
    this.word = word;
  }

  /** Whether it ended before its client wanted it to. */
  public boolean broken() {
    return this == PEER_FIN || this == RESET || this == ERROR;
  }

  @Override
  public String word() {
    return word;
  }
}
