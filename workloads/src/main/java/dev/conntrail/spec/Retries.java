package dev.conntrail.spec;

/** Whether a request that had no answer is sent again without the caller's doing. */
public enum Retries implements Named {
  /** Never: a request that fails has failed. */
  OFF("off"),
  /**
   * As the client library does it: OkHttp with {@code retryOnConnectionFailure}, its default, which
   * sends a request again that a kept connection took with it ({@code RetryAndFollowUpInterceptor},
   * {@code RealRoutePlanner}); grpc-java with what it retries of itself because no server saw it,
   * and the policy of gRPC's own guide (gRFC A6).
   */
  LIBRARY("library");

  private final String word;

  Retries(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
