package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Which packet of a connection. */
public enum Packet implements Named {
  /** The one that opens it: it meets the rules. */
  FIRST("first"),
  /** One of a known connection. */
  ESTABLISHED("established");

  private final String word;

  Packet(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
