package dev.conntrail.spec;

/** How callers get their connections. */
public enum Pooling implements Named {
  /** A client object for each of the N connections: N asked for are N in the ledger. */
  DEDICATED("dedicated"),
  /**
   * N callers share one client object (one OkHttpClient, one gRPC channel), as most applications
   * do.
   */
  SHARED("shared");

  private final String word;

  Pooling(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
