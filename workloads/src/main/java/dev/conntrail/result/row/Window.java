package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** A stretch of time about an event. */
public enum Window implements Named {
  /** The second before its first step began. */
  BEFORE("before"),
  /** From the begin of its first step until the last was done. */
  DURING("during"),
  /** The second after that. */
  AFTER("after"),
  /** From the begin of its first step until another event begins, or the measure phase ends. */
  SINCE("since");

  private final String word;

  Window(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
