package dev.conntrail.compare;

import dev.conntrail.spec.Named;

/** What a comparison allows to say of counts. */
public enum CountChange implements Named {
  /** The shares are not the same. */
  DIFFERS("differs"),
  /** No difference was found, and one of a size that is named would have been. */
  NO_DIFFERENCE("no-difference"),
  /** Too little was counted: twice the share of one pod, or anything at all, would be missed. */
  TOO_FEW("too-few"),
  /** Both sides have the same, or all in one place: there is nothing to test. */
  ALIKE("alike");

  private final String word;

  CountChange(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
