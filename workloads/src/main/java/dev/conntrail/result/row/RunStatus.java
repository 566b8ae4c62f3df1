package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** How a run ended. */
public enum RunStatus implements Named {
  /** Every repetition has results. */
  COMPLETE("complete"),
  /** It was told to stop. */
  PARTIAL("partial"),
  /** A repetition failed. */
  FAILED("failed");

  private final String word;

  RunStatus(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
