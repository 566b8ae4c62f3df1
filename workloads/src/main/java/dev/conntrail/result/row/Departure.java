package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** In which way counts depart from what they should be. */
public enum Departure implements Named {
  /** Further from equal shares than a draw gives. */
  TOO_UNEVEN("too-uneven"),
  /** Closer to equal shares than a draw gives. */
  TOO_EVEN("too-even"),
  /** Not as the law of the choice says. */
  LAW_BROKEN("law-broken");

  private final String word;

  Departure(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
