package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** Where a cost was measured. */
public enum Source implements Named {
  /** In the models, by JMH. */
  MODEL("model"),
  /** In this machine's kernel, by calibrate. */
  KERNEL("kernel"),
  /** In the kernel of a User-mode Linux guest, by calibrate. */
  GUEST_KERNEL("guest-kernel");

  private final String word;

  Source(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
