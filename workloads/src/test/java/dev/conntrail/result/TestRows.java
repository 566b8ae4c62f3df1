package dev.conntrail.result;

import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Optional;

/** Rows of many columns, from the few that a test is about. */
public final class TestRows {
  private TestRows() {}

  /**
   * A first packet in a model, with three endpoints a Service.
   *
   * @param ns its least iteration; the mean is 1 ns more
   */
  public static JmhRow model(Lookup lookup, long services, Target target, double ns) {
    return new JmhRow(
        TestRun.RUN,
        "FirstPacketBenchmark.route",
        Optional.of(lookup),
        Optional.of(services),
        Optional.of(3L),
        Optional.of(target),
        Optional.empty(),
        List.of(),
        1,
        1,
        2,
        ns + 1,
        Double.NaN,
        ns);
  }

  /**
   * A first packet in this machine's kernel.
   *
   * @param p50Ns median of the whole call
   * @param pairedNs median of what it takes more than the first Service
   */
  public static KernelRow kernel(
      Lookup lookup, long services, int round, Target target, double p50Ns, double pairedNs) {
    return new KernelRow(
        TestRun.RUN,
        TestbedKind.NETNS,
        switch (lookup) {
          case IPTABLES_LEGACY, IPTABLES_NFT -> DataPlane.IPTABLES;
          case NFTABLES -> DataPlane.NFTABLES;
          case IPVS, IPVS_256 -> DataPlane.IPVS;
        },
        switch (lookup) {
          case IPTABLES_LEGACY -> Optional.of(IptablesBackend.LEGACY);
          case IPTABLES_NFT -> Optional.of(IptablesBackend.NFT);
          case NFTABLES, IPVS, IPVS_256 -> Optional.empty();
        },
        switch (lookup) {
          case IPVS, IPVS_256 -> Optional.of(IpvsScheduler.RR);
          case IPTABLES_LEGACY, IPTABLES_NFT, NFTABLES -> Optional.empty();
        },
        services,
        round,
        Packet.FIRST,
        target,
        100,
        p50Ns,
        p50Ns,
        p50Ns,
        pairedNs);
  }
}
