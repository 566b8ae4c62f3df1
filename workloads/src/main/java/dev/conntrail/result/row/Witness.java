package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Who tells which pod a connection landed on. */
public enum Witness implements Named {
  /** The client, by the connection's first reply. */
  REPLY("reply"),
  /** The pod, which counted it; the client had no reply. */
  POD("pod"),
  /** The kernel's connection table; the client had no reply and no pod counted it. */
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
