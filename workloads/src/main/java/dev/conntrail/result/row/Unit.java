package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What is counted by pod. */
public enum Unit implements Named {
  /** What the kernel chooses a pod for. */
  CONNECTIONS("connections"),
  /** What pods work on; they follow their connection. */
  REQUESTS("requests");

  private final String word;

  Unit(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
