package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** On which side of a request a process stands. */
public enum ProcessRole implements Named {
  /** It sends requests. */
  CLIENT("client"),
  /** It stands between. */
  PROXY("proxy"),
  /** It answers them, for one pod or for several. */
  PODS("pods");

  private final String word;

  ProcessRole(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
