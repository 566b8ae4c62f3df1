package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** A table of known connections, as it is modelled. */
public enum ConnectionTable implements Named {
  /** conntrack's, with one entry a bucket. */
  CONNTRACK("conntrack"),
  /** ipvs's own, which grows (Linux 7 and later). */
  IPVS("ipvs"),
  /** ipvs's own with 4096 buckets (up to Linux 6.18). */
  IPVS_4096("ipvs-4096");

  private final String word;

  ConnectionTable(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
