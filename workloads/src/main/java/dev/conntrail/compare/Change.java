package dev.conntrail.compare;

import dev.conntrail.spec.Named;

/** What a comparison allows to say of a time. */
public enum Change implements Named {
  /** B takes longer. */
  SLOWER("slower"),
  /** B takes less. */
  FASTER("faster"),
  /** The whole interval lies within the margin, and no difference is shown. */
  NO_CHANGE("no-change"),
  /** Neither. */
  CANNOT_TELL("cannot-tell"),
  /** How much identical runs of this machine differ is not known. */
  NOISE_UNKNOWN("noise-unknown"),
  /** The runs are not alike in what times depend on. */
  NOT_COMPARABLE("not-comparable"),
  /** Shown with its interval; no verdict was declared for it. */
  SHOWN("shown");

  private final String word;

  Change(String word) {
    this.word = word;
  }

  /** Whether a difference was shown. */
  public boolean shown() {
    return this == SLOWER || this == FASTER;
  }

  @Override
  public String word() {
    return word;
  }
}
