package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** How a cost grows with the number of Services. */
public enum Trend implements Named {
  /** It does not depend on them. */
  CONSTANT("constant"),
  /** Each Service costs the same. */
  LINEAR("linear"),
  /** It grows, but not along a line. */
  GROWS("grows-otherwise"),
  /** The observations scatter too much. */
  CANNOT_TELL("cannot-tell");

  private final String word;

  Trend(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
