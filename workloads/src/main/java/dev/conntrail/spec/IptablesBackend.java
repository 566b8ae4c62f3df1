package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which kernel code runs iptables rules. A rule costs about five times as much in {@link #NFT} as
 * in {@link #LEGACY}, so a result without it means little.
 */
public enum IptablesBackend implements Named {
  /** What the program {@code iptables} of this machine uses. */
  AUTO("auto"),
  /** {@code nf_tables} (iptables-nft), what current distributions and kind nodes use. */
  NFT("nft"),
  /** {@code ip_tables} (iptables-legacy). */
  LEGACY("legacy");

  private final String word;

  IptablesBackend(String word) {
    this.word = word;
  }

  /** What it takes of a testbed. */
  Set<Ability> needs() {
    return switch (this) {
      case AUTO -> EnumSet.noneOf(Ability.class);
      case NFT -> EnumSet.of(Ability.BACKENDS, Ability.NFTABLES);
      case LEGACY -> EnumSet.of(Ability.BACKENDS, Ability.IPTABLES_LEGACY);
    };
  }

  @Override
  public String word() {
    return word;
  }
}
