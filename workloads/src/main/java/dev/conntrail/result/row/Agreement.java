package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Whether the witnesses of connections tell the same. */
public enum Agreement implements Named {
  /** Of every connection. */
  AGREE("agree"),
  /** Not of every connection. */
  DIFFER("differ");

  private final String word;

  Agreement(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
