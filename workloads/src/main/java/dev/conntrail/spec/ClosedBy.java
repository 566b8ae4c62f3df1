package dev.conntrail.spec;

/** Who closed a connection, as the pod saw it. */
public enum ClosedBy implements Named {
  /** The client: its FIN, its RST, or its wish (Connection: close, a WebSocket's close frame). */
  CLIENT("client"),
  /** The pod by itself, for an error. */
  POD("pod"),
  /** The pod's process, which was killed. */
  EXIT("pod-exit"),
  /** Whoever it was, after the pod had told the client to leave. */
  GOODBYE("pod-goodbye"),
  /** Nobody so far. */
  OPEN("open");

  private final String word;

  ClosedBy(String word) {
    this.word = word;
  }

  /** Whether its pod did, or had asked its client to. */
  public boolean pods() {
    return this == POD || this == EXIT || this == GOODBYE;
  }

  @Override
  public String word() {
    return word;
  }
}
