package dev.conntrail.analysis.chance;

/** What a test of a draw allows to say. */
public enum Verdict {
  TOO_UNEVEN("not chance: too uneven"),
  TOO_EVEN("not chance: too even"),
  CONSISTENT("consistent with chance"),
  TOO_FEW("too few connections to tell");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** For people and files. */
  public String text() {
    return text;
  }
}
