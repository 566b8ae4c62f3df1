package dev.conntrail.spec;

/** How requests that are due at a rate follow one another. */
public enum Arrivals implements Named {
  /** As far apart as the rate has it. */
  REGULAR("regular"),
  /**
   * As those of many users who know nothing of each other: a Poisson process, whose gaps are
   * exponentially distributed about what the rate has.
   */
  POISSON("poisson");

  private final String word;

  Arrivals(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
