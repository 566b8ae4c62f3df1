package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/** What spreads connections over pods. */
public enum DataPlane implements Named {
  /** kube-proxy's iptables mode ({@code pkg/proxy/iptables}). */
  IPTABLES("iptables", PodChoice.DRAW),
  /** kube-proxy's nftables mode ({@code pkg/proxy/nftables}). */
  NFTABLES("nftables", PodChoice.DRAW),
  /**
   * kube-proxy's ipvs mode ({@code pkg/proxy/ipvs}); how pods are chosen depends on the {@link
   * IpvsScheduler}, kube-proxy's own being rr.
   */
  IPVS("ipvs", PodChoice.NODE_IN_TURN),
  /** No Service: the client connects straight to the pods, in turn. The baseline. */
  DIRECT("direct", PodChoice.CLIENT_IN_TURN);

  private final String word;
  private final PodChoice choice;

  DataPlane(String word, PodChoice choice) {
    this.word = word;
    this.choice = choice;
  }

  /** How a pod is chosen for each connection; of ipvs its scheduler says so. */
  PodChoice choice(IpvsScheduler scheduler) {
    return scheduled() ? scheduler.choice() : choice;
  }

  /**
   * How long an entry of conntrack outlives its connection at least, milliseconds; infinite where
   * the kernel's own time-outs decide. ipvs takes the entry with it when its own ends ({@code
   * ip_vs_conn_expire}), which is 10 s after a reset.
   */
  public double keepsClosedMs() {
    return ownTable() ? 9_000 : Double.POSITIVE_INFINITY;
  }

  /**
   * Whether it keeps connections in a table of its own beside conntrack's, so that entries of both
   * go when it forgets a connection ({@code ip_vs_conn_expire}); what the others send is in
   * conntrack alone, whatever becomes of their rules.
   */
  public boolean ownTable() {
    return this == IPVS;
  }

  /** Whether an {@link IpvsScheduler} chooses pods. */
  public boolean scheduled() {
    return this == IPVS;
  }

  /** Whether its own rules of iptables are of the legacy backend, whatever others are of. */
  public boolean legacyIptables() {
    return this == IPVS;
  }

  /** Whether kube-proxy's versions write other rules; of the other modes all write the same. */
  public boolean rulesByVersion() {
    return this == NFTABLES;
  }

  /** What it takes of a testbed. */
  public Set<Ability> needs() {
    return switch (this) {
      case IPTABLES -> EnumSet.of(Ability.SERVICE, Ability.IPTABLES);
      case NFTABLES -> EnumSet.of(Ability.SERVICE, Ability.NFTABLES);
      case IPVS -> EnumSet.of(Ability.SERVICE, Ability.IPVS);
      case DIRECT -> EnumSet.noneOf(Ability.class);
    };
  }

  /**
   * Whether kube-proxy, when it starts in this mode, removes what it finds of another: nftables
   * removes what iptables and ipvs left, and they what nftables left; those two leave each other's
   * ({@code platformCleanup}, {@code cmd/kube-proxy/app/server_linux.go}, 1.34 and 1.37).
   */
  public boolean removes(DataPlane other) {
    return service() && other.service() && (this == NFTABLES) != (other == NFTABLES);
  }

  /** Whether it spreads the connections of a Service, by rules. */
  public boolean service() {
    return this != DIRECT;
  }

  @Override
  public String word() {
    return word;
  }
}
