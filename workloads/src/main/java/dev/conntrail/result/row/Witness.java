package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Who tells which pod a connection landed on. */
public enum Witness implements Named {
  /** The client, by the connection's first reply. */
  REPLY("reply"),
  /** The pod, which counted it; the client had no reply. */
  POD("pod"),
  /** The kernel's connection table; no reply said it and no pod counted the connection. */
  KERNEL("kernel");

  private final String word;

  Witness(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
