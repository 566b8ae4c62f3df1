package dev.conntrail.spec;

/** How a client that balances for itself learns which pods there are. */
public enum Learning implements Named {
  /** As one that watches the Service's EndpointSlices: it is told of each change. */
  WATCH("watch"),
  /** Once, when it begins, as from a name that is never looked up again. */
  ONCE("once");

  private final String word;

  Learning(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
