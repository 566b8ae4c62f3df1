package dev.conntrail.spec;

/** When long-lived connections are opened. */
public enum Opening implements Named {
  /** All before the first phase, as clients do that start together. */
  AT_ONCE("at-once"),
  /** One after the other, evenly over the measure phase, as clients do that come and stay. */
  SPREAD("spread");

  private final String word;

  Opening(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
