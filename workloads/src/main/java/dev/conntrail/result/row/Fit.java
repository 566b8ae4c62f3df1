package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Whether what was measured is what theory expects. */
public enum Fit implements Named {
  /** It is, and half the effect would have been found. */
  AGREES("agrees"),
  /** It is not, and that is no chance. */
  DIFFERS("differs"),
  /** It is, but half the effect would most likely not have been found. */
  CANNOT_TELL("cannot-tell");

  private final String word;

  Fit(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** As a person would say it. */
  public String phrase() {
    return word.replace('-', ' ');
  }
}
