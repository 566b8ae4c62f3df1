package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.Named;
import java.util.Optional;

/** What is looked up in, model or kernel. */
public enum Lookup implements Named {
  /** ip_tables: a list that is walked. */
  IPTABLES_LEGACY("iptables-legacy", DataPlane.IPTABLES, IptablesBackend.LEGACY),
  /** nf_tables with the rules of iptables: a list that is walked. */
  IPTABLES_NFT("iptables-nft", DataPlane.IPTABLES, IptablesBackend.NFT),
  /** nf_tables with kube-proxy's maps, as its version 1.34 lays them out. */
  NFTABLES("nftables", KubeProxy.V1_34),
  /** ip_vs, whose table of Services grows (Linux 7 and later). */
  IPVS("ipvs", DataPlane.IPVS, null),
  /** ip_vs with 256 buckets of Services (up to Linux 6.18). */
  IPVS_256("ipvs-256", DataPlane.IPVS, null),
  /** nf_tables with kube-proxy's maps, as its version 1.37 lays them out. */
  NFTABLES_1_37("nftables-1.37", KubeProxy.V1_37);

  private final String word;
  private final DataPlane plane;
  private final Optional<IptablesBackend> backend;
  private final Optional<KubeProxy> kubeProxy;

  Lookup(String word, DataPlane plane, IptablesBackend backend) {
    this.word = word;
    this.plane = plane;
    this.backend = Optional.ofNullable(backend);
    this.kubeProxy = Optional.empty();
  }

  Lookup(String word, KubeProxy layout) {
    this.word = word;
    this.plane = DataPlane.NFTABLES;
    this.backend = Optional.empty();
    this.kubeProxy = Optional.of(layout);
  }

  /** Whether every Service before a connection's own is passed. */
  public boolean walked() {
    return plane == DataPlane.IPTABLES;
  }

  /** Whether it is ip_vs, of whatever version. */
  public boolean ipvs() {
    return plane.ownTable();
  }

  /** Whose rules they are. */
  public DataPlane plane() {
    return plane;
  }

  /** The backend of iptables; of no other data plane. */
  public Optional<IptablesBackend> backend() {
    return backend;
  }

  /** Whose layout it is, where versions of kube-proxy differ: in nftables mode alone. */
  public Optional<KubeProxy> kubeProxy() {
    return kubeProxy;
  }

  /** That of a data plane; iptables by its backend, nftables by the version of kube-proxy. */
  public static Lookup of(
      DataPlane plane, Optional<IptablesBackend> backend, Optional<KubeProxy> kubeProxy) {
    return switch (plane) {
      case IPTABLES ->
          backend.equals(Optional.of(IptablesBackend.NFT)) ? IPTABLES_NFT : IPTABLES_LEGACY;
      case NFTABLES -> kubeProxy.equals(Optional.of(KubeProxy.V1_37)) ? NFTABLES_1_37 : NFTABLES;
      case IPVS -> IPVS;
      case DIRECT -> throw new IllegalArgumentException("nothing is looked up without a Service");
    };
  }

  @Override
  public String word() {
    return word;
  }
}
