package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** In what the witnesses of a connection differ. */
public enum Difference implements Named {
  /** The client's ledger does not have it. */
  NOT_IN_LEDGER("not-in-ledger"),
  /** No pod counted it. */
  NOT_AT_ANY_POD("not-at-any-pod"),
  /** The kernel's connection table does not have it. */
  NOT_IN_KERNEL("not-in-kernel"),
  /** Ledger and pod name different pods. */
  POD("pod"),
  /** Ledger and pod count different requests. */
  REQUESTS("requests"),
  /** Who closed it, as the pod saw it, cannot be how it ended for the client. */
  CLOSED_BY("closed-by"),
  /** Kernel and pod name different pods. */
  KERNEL_POD("kernel-pod"),
  /** Reply and testbed name different nodes. */
  NODE("node");

  private final String word;

  Difference(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
