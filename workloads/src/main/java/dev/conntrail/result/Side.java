package dev.conntrail.result;

import dev.conntrail.spec.Named;

/** A side of what is compared. */
public enum Side implements Named {
  /** What was: the older, or the one named first. */
  A("a"),
  /** What is asked of: slower or faster than A? */
  B("b");

  private final String word;

  Side(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
