package dev.conntrail.state;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Router;
import dev.conntrail.model.Service;
import dev.conntrail.model.ServicePath;
import dev.conntrail.model.conntrack.ConntrackTable;
import dev.conntrail.model.ipvs.ConnectionTable;
import dev.conntrail.model.ipvs.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The data planes that are modelled, by the words that benchmarks and results use. */
public enum Mode {
  /** iptables mode in ip_tables, the kernel's own. */
  IPTABLES("iptables-legacy"),
  /** iptables mode in nf_tables ({@code iptables-nft}). */
  IPTABLES_NFT("iptables-nft"),
  /** nftables mode as kube-proxy 1.34 lays it out. */
  NFTABLES("nftables"),
  /** nftables mode as kube-proxy 1.37 does. */
  NFTABLES_1_37("nftables-1.37"),
  /** ipvs mode with the tables of Linux 7, which grow. */
  IPVS("ipvs"),
  /** ipvs mode with the tables up to Linux 6.18: 256 buckets of Services. */
  IPVS_256("ipvs-256");

  /** The pods' network, as kube-proxy is told it. */
  public static final String CLUSTER_CIDR = "10.128.0.0/9";

  /** {@code conn_tab_bits} that ipvs may grow to, from Linux 7 on. */
  public static final int MOST_IPVS_BITS = 20;

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /** The word of the command line and of results. */
  public String word() {
    return word;
  }

  /**
   * The mode of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Mode of(String word) {
    return Arrays.stream(values())
        .filter(m -> m.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "mode: found "
                    + word
                    + "; allowed: "
                    + Arrays.stream(values()).map(Mode::word).collect(Collectors.joining(", "))));
  }

  /**
   * A data plane with these Services.
   *
   * @param seed of its hashes and of its draws
   */
  public Router router(List<Service> services, long seed) {
    return program(services, seed).router();
  }

  /** As {@link #router}, for changes to follow. */
  public Programmed program(List<Service> services, long seed) {
    return switch (this) {
      case IPTABLES -> Programmed.iptables(services, seed);
      case IPTABLES_NFT -> Programmed.iptablesNft(services, seed);
      case NFTABLES -> Programmed.endpointChains(services, seed);
      case NFTABLES_1_37 -> Programmed.inlineEndpoints(services, seed);
      case IPVS -> Programmed.ipvs(services, seed, true, Scheduler.Kind.RR);
      case IPVS_256 -> Programmed.ipvs(services, seed, false, Scheduler.Kind.RR);
    };
  }

  /** The way of a packet through connection tracking and this data plane. */
  public ServicePath path(ConntrackTable table, List<Service> services, long seed) {
    ConnectionTable ipvs =
        switch (this) {
          case IPVS -> new ConnectionTable(true, MOST_IPVS_BITS, seed);
          case IPVS_256 -> new ConnectionTable(false, ConnectionTable.DEFAULT_BITS, seed);
          default -> null;
        };
    return new ServicePath(table, router(services, seed), new Draws(seed), ipvs);
  }
}
