package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.Optional;

/** {@code kernel.csv}: one row a data plane, number of Services, round, packet and target. */
public record KernelRow(
    String run,
    TestbedKind testbed,
    DataPlane dataPlane,
    Optional<IptablesBackend> iptablesBackend,
    Optional<IpvsScheduler> ipvsScheduler,
    long servicesCount,
    int round,
    Packet packet,
    Target target,
    long samplesCount,
    double minNs,
    double p25Ns,
    double p50Ns,
    double pairedP50Ns) {
  public KernelRow {
    if (dataPlane == DataPlane.DIRECT) {
      throw new IllegalArgumentException(
          "data_plane: found 'direct'; allowed: iptables, nftables, ipvs");
    }
  }

  /** The same, as a part of a run. */
  public KernelRow of(String otherRun) {
    return new KernelRow(
        otherRun,
        testbed,
        dataPlane,
        iptablesBackend,
        ipvsScheduler,
        servicesCount,
        round,
        packet,
        target,
        samplesCount,
        minNs,
        p25Ns,
        p50Ns,
        pairedP50Ns);
  }

  /** What was measured. */
  public Lookup lookup() {
    return Lookup.of(dataPlane, iptablesBackend);
  }

  /** Where. */
  public Source source() {
    return testbed == TestbedKind.UML ? Source.GUEST_KERNEL : Source.KERNEL;
  }
}
