package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What is divided by what. */
public enum Comparison implements Named {
  /** Growth a Service in the model, by that in this machine's kernel. */
  MODEL_TO_KERNEL("model-to-kernel"),
  /** Growth a Service in the model, by that in a guest's kernel. */
  MODEL_TO_GUEST("model-to-guest-kernel"),
  /** Cost of a packet to any of all Services, by that of a packet to one of them, in the model. */
  ANY_TO_ONE_MODEL("any-to-one-model"),
  /** The same in this machine's kernel, of the whole call. */
  ANY_TO_ONE_KERNEL("any-to-one-kernel"),
  /** The same in a guest's kernel. */
  ANY_TO_ONE_GUEST("any-to-one-guest-kernel"),
  /**
   * Cost of a packet in nftables mode as kube-proxy 1.34 lays it out, by that as 1.37 does, in the
   * model.
   */
  LAYOUTS_MODEL("layouts-model"),
  /** The same in this machine's kernel, of the whole call. */
  LAYOUTS_KERNEL("layouts-kernel"),
  /** The same in a guest's kernel. */
  LAYOUTS_GUEST("layouts-guest-kernel");

  private final String word;

  Comparison(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
