package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Who else counts what a proxy does. */
public enum OtherCounter implements Named {
  /** The proxy's own log, a line a request. */
  LOG("log"),
  /** The clients' ledger. */
  CLIENTS("clients"),
  /** The pods. */
  PODS("pods");

  private final String word;

  OtherCounter(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
