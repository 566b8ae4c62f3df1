package dev.conntrail.result.row;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import java.util.Optional;

/**
 * {@code kernel.csv}: one row a load of rules, round, packet and target.
 *
 * @param load numbered from 1, in the order in which rules were loaded: each is independent
 */
public record KernelRow(
    String run,
    TestbedKind testbed,
    @Inline Rules rules,
    int load,
    @Inline OtherWork beside,
    int round,
    Packet packet,
    Target target,
    long samplesCount,
    @Inline CallTimes times) {
  /**
   * Which rules were loaded.
   *
   * @param kubeProxy whose layout, where versions differ: in nftables mode
   * @param endpointsCount of each Service
   */
  public record Rules(
      DataPlane dataPlane,
      Optional<IptablesBackend> iptablesBackend,
      Optional<IpvsScheduler> ipvsScheduler,
      Optional<KubeProxy> kubeProxy,
      long servicesCount,
      long endpointsCount) {
    public Rules {
      if (!dataPlane.service()) {
        throw new IllegalArgumentException(
            "data_plane: found 'direct'; allowed: iptables, nftables, ipvs");
      }
    }

    /** What is looked up in. */
    public Lookup lookup() {
      return Lookup.of(dataPlane, iptablesBackend, kubeProxy);
    }
  }

  /**
   * Times of a system call.
   *
   * @param clockNs smallest step of the clock that was seen
   * @param pairedP50Ns median of the differences to target {@code first}, sample by sample
   */
  public record CallTimes(
      double clockNs, double minNs, double p25Ns, double p50Ns, double pairedP50Ns) {}

  /** The same, as a part of a run. */
  public KernelRow of(String otherRun) {
    return new KernelRow(
        otherRun, testbed, rules, load, beside, round, packet, target, samplesCount, times);
  }

  /** The same as another load. */
  public KernelRow as(int otherLoad, OtherWork otherBeside) {
    return new KernelRow(
        run, testbed, rules, otherLoad, otherBeside, round, packet, target, samplesCount, times);
  }

  /** Where. */
  public Source source() {
    return testbed.guest() ? Source.GUEST_KERNEL : Source.KERNEL;
  }
}
