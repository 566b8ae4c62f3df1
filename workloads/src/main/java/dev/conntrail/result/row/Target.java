package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What a packet goes to. */
public enum Target implements Named {
  /** The first Service. */
  FIRST("first"),
  /** One in the middle. */
  MIDDLE("middle"),
  /** The last. */
  LAST("last"),
  /** Drawn from all. */
  ANY("any"),
  /** None. */
  MISS("miss"),
  /** The first once more: the method's own error. */
  FIRST_AGAIN("first-again"),
  /** A pod's address, which no rule names. */
  POD("pod");

  private final String word;

  Target(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
