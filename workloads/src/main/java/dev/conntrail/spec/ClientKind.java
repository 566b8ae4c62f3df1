package dev.conntrail.spec;

/** What sends the requests. */
public enum ClientKind implements Named {
  /** The libraries that applications use: OkHttp, grpc-java, Java-WebSocket. */
  LIBRARY("library"),
  /** Conntrail's own event loop, which costs least: where the client is not the question. */
  LOOP("loop");

  private final String word;

  ClientKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /**
   * Whether libraries are part of what a cell asks: how they share connections, how they balance,
   * what they send again, and what they do when connections end.
   */
  static boolean asked(Cell cell) {
    return cell.shared()
        || cell.provoking()
        || RetriesAxis.retried(cell)
        || !cell.cure().equals(Cure.NONE);
  }
}
