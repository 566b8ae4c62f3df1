package dev.conntrail.compare;

import dev.conntrail.spec.Named;

/** One of the two that are compared: what was, or what might replace it. */
public enum SideName implements Named {
  A("a"),
  B("b");

  private final String word;

  SideName(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
