package dev.conntrail.report.block;

import dev.conntrail.spec.Named;

/** How something is to be taken; it has a sign, so that it is not told by colour alone. */
public enum Tone implements Named {
  /** As it should be. */
  GOOD("\u2713", "good"),
  /** Something to look at. */
  BAD("\u2717", "bad"),
  /** Nothing can be said. */
  UNKNOWN("?", "unknown"),
  /** A fact, neither good nor bad. */
  PLAIN("\u00b7", "plain");

  private final String sign;
  private final String word;

  Tone(String sign, String word) {
    this.sign = sign;
    this.word = word;
  }

  /** A character for it. */
  public String sign() {
    return sign;
  }

  /** Its word, as style sheets have it. */
  @Override
  public String word() {
    return word;
  }
}
