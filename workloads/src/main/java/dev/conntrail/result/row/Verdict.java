package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What can be said of where things landed. */
public enum Verdict implements Named {
  /** The counts are not those of a fair draw. */
  NOT_CHANCE("not-chance"),
  /** The counts are those of a fair draw, and a fault of a stated size would have been found. */
  CONSISTENT("consistent-with-chance"),
  /** One pod at twice its share would not have been found. */
  TOO_FEW("too-few-to-tell"),
  /** Pods are not drawn: the counts are judged by the law of the choice. */
  BY_DESIGN("by-design"),
  /** Not judged: what is counted follows its connection. */
  DESCRIPTIVE("descriptive");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
