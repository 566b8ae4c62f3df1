package dev.conntrail.record;

/** What a histogram holds; all in nanoseconds. The tag names it in {@code latency.hlog}. */
public enum Metric {
  /** From the moment a request was due to its reply. */
  RESPONSE("response"),
  /** From the actual send to the reply. */
  SERVICE("service"),
  /** Actual send minus due, in an open loop: waiting behind the caller's last request included. */
  SEND_LAG("send-lag"),
  /**
   * Actual send minus due of those requests alone that found no other outstanding on their caller:
   * what the client itself is late by.
   */
  PACING_LAG("pacing-lag"),
  /** The TCP handshake, from connect() to its return. */
  CONNECT("connect"),
  /** From the moment a request was due to its failure: how long the client took to notice. */
  FAILURE("failure"),
  /**
   * From the moment a request was due until it was given up: its failure, or the end of the drain.
   * Its response time is longer than this, and not known (right-censored).
   */
  CENSORED("censored");

  private final String tag;

  Metric(String tag) {
    this.tag = tag;
  }

  /** The tag in the histogram log. */
  public String tag() {
    return tag;
  }
}
