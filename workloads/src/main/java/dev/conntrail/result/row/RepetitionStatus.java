package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** How a repetition ended. */
public enum RepetitionStatus implements Named {
  /** Nothing makes it doubtful. */
  OK("ok"),
  /** See its marks. */
  MARKED("marked"),
  /** It was told to stop before its time. */
  PARTIAL("partial");

  private final String word;

  RepetitionStatus(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
