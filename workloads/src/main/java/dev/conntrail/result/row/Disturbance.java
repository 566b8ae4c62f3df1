package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What may have slowed a measurement; when each is said is decided in {@link OtherWork}. */
public enum Disturbance implements Named {
  /** Other processes had CPU time. */
  OTHER_CPU("other-cpu"),
  /** The hypervisor took CPU time away. */
  STEAL("cpu-stolen");

  private final String word;

  Disturbance(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
