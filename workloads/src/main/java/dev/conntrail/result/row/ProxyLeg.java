package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** One of the two ways on which a proxy has connections. */
public enum ProxyLeg implements Named {
  /** From a client. */
  TO_PROXY("to-proxy"),
  /** To a pod. */
  TO_POD("to-pod");

  private final String word;

  ProxyLeg(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
