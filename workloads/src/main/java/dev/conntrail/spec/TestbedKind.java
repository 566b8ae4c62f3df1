package dev.conntrail.spec;

/** Where the pods are. */
public enum TestbedKind implements Named {
  /** Network namespaces of this machine's own kernel: real rules, no cluster. */
  NETNS("netns"),
  /** Ports of 127.0.0.1: no rules, no privileges; data plane {@code direct} only. */
  LOOPBACK("loopback");

  private final String word;

  TestbedKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
