package dev.conntrail.spec;

/** How a client that balances for itself learns which pods there are. */
public enum Learning implements Named {
  /** As one that watches the Service's EndpointSlices: it is told of each change. */
  WATCH("watch", "a watch of EndpointSlices"),
  /** Once, when it begins, as from a name that is never looked up again. */
  ONCE("once", "the pods' addresses, when it begins");

  private final String word;
  private final String change;

  Learning(String word, String change) {
    this.word = word;
    this.change = change;
  }

  /** What it takes. */
  public Change change() {
    return new Change(Change.Who.CLIENT, change);
  }

  @Override
  public String word() {
    return word;
  }
}
