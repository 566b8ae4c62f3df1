package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What a proxy counts by itself. */
public enum ProxyCounter implements Named {
  /** Connections of clients. */
  CONNECTIONS_TAKEN("connections-taken"),
  /** Requests of clients. */
  REQUESTS_TAKEN("requests-taken"),
  /** Connections to a pod, tries included. */
  CONNECTIONS_OPENED("connections-opened"),
  /** Requests to a pod, tries included. */
  REQUESTS_SENT("requests-sent");

  private final String word;

  ProxyCounter(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
