package dev.conntrail.spec;

/** What a server does when it is told to end (SIGTERM). */
public enum Ending implements Named {
  /** It exits: the kernel closes its sockets, whatever is under way. */
  EXIT("exit"),
  /** It accepts no more, and serves the connections that it has until they end. */
  DRAIN("drain"),
  /**
   * It accepts no more, and tells its clients to leave: GOAWAY of HTTP/2 and gRPC, {@code
   * Connection: close} with the next answer of HTTP/1.1, close frame 1001 of WebSocket.
   */
  GOODBYE("goodbye");

  private final String word;

  Ending(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
