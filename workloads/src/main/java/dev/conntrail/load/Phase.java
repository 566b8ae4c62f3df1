package dev.conntrail.load;

/** Where a run is, in order. */
public enum Phase {
  /** Connections are opened. */
  CONNECT(false),
  /** Requests are sent, and recorded for nobody but the ledger and the pods' bins. */
  WARMUP(true),
  /** Connections are kept, and no request is sent. */
  IDLE(false),
  /** Requests are sent and recorded. */
  MEASURE(true),
  /** Outstanding replies are waited for. */
  DRAIN(false),
  /** Connections are closed. */
  OVER(false);

  private final boolean sends;

  Phase(boolean sends) {
    this.sends = sends;
  }

  /** Whether requests are sent in it. */
  public boolean sends() {
    return sends;
  }
}
