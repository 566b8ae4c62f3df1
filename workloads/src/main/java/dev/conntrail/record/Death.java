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
  /** The kernel gave up on it: nothing that was sent was acknowledged. */
  TIMED_OUT("timed-out"),
  /**
   * The pod's side told the client to leave, and it was closed, by whomever: GOAWAY of HTTP/2 and
   * gRPC, {@code Connection: close} of HTTP/1.1, a close frame of WebSocket.
   */
  GOODBYE("goodbye"),
  /** The client had used it for as long, or as often, as it was to, and closed it. */
  RETIRED("retired"),
  /** It broke otherwise: the client's library gave it up before it was to be closed. */
  ERROR("error");

  private final String word;

  Death(String word) {
    this.word = word;
  }

  /**
   * How a connection ended that was to be left before, for a cause; null if it was not. It does not
   * matter then who closed it.
   */
  public Death of(Death leaving) {
    return leaving != null && (this == CLIENT || this == PEER_FIN) ? leaving : this;
  }

  /** Whether it ended before its client wanted it to. */
  public boolean broken() {
    return this != OPEN && this != CLIENT && this != RETIRED;
  }

  @Override
  public String word() {
    return word;
  }
}
