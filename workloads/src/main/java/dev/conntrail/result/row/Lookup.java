package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.Named;
import java.util.Optional;

/** What is looked up in, model or kernel. */
public enum Lookup implements Named {
  /** ip_tables: a list that is walked. */
  IPTABLES_LEGACY("iptables-legacy"),
  /** nf_tables with the rules of iptables: a list that is walked. */
  IPTABLES_NFT("iptables-nft"),
  /** nf_tables with kube-proxy's maps. */
  NFTABLES("nftables"),
  /** ip_vs, whose table of Services grows (Linux 7 and later). */
  IPVS("ipvs"),
  /** ip_vs with 256 buckets of Services (up to Linux 6.18). */
  IPVS_256("ipvs-256");

  private final String word;

  Lookup(String word) {
    this.word = word;
  }

  /** Whether every Service before a connection's own is passed. */
  public boolean walked() {
    return this == IPTABLES_LEGACY || this == IPTABLES_NFT;
  }

  /** Whether it is ip_vs, of whatever version. */
  public boolean ipvs() {
    return this == IPVS || this == IPVS_256;
  }

  /** That of a data plane; iptables by its backend. */
  public static Lookup of(DataPlane plane, Optional<IptablesBackend> backend) {
    return switch (plane) {
      case IPTABLES ->
          backend.equals(Optional.of(IptablesBackend.NFT)) ? IPTABLES_NFT : IPTABLES_LEGACY;
      case NFTABLES -> NFTABLES;
      case IPVS -> IPVS;
      case DIRECT -> throw new IllegalArgumentException("nothing is looked up without a Service");
    };
  }

  @Override
  public String word() {
    return word;
  }
}
