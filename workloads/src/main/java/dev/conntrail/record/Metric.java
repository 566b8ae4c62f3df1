package dev.conntrail.record;

/** What a histogram holds; all in nanoseconds. The tag names it in {@code latency.hlog}. */
public enum Metric {
  /** From the moment a request was due to its reply. */
  RESPONSE("response"),
  /** From the actual send to the reply. */
  SERVICE("service"),
  /** Actual send minus due. */
  SEND_LAG("send-lag"),
  /** The TCP handshake, from connect() to its return. */
  CONNECT("connect"),
  /** From the moment a request was due to its failure: how long the client took to notice. */
  FAILURE("failure");

  private final String tag;

  Metric(String tag) {
    this.tag = tag;
  }

  /** The tag in the histogram log. */
  public String tag() {
    return tag;
  }
}
