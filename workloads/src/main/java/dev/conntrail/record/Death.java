package dev.conntrail.record;

/** Why a connection ended. */
public enum Death {
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

  /** The word in the ledger. */
  public String word() {
    return word;
  }
}
