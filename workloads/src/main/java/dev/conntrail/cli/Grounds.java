package dev.conntrail.cli;

import dev.conntrail.experiment.Placement;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.ClusterOptions;
import dev.conntrail.testbed.kube.KindRequirements;
import java.util.List;
import java.util.Optional;

/** Finds out where an experiment can run. */
final class Grounds {
  /**
   * Where it runs.
   *
   * @param placement which cells run where
   * @param guest for testbed uml; empty where it is not needed, and within a guest
   */
  record Found(Placement placement, Optional<UmlGuest> guest) {
    int cells() {
      return placement.cells().values().stream().mapToInt(List::size).sum();
    }

    int tries() {
      return placement.cells().values().stream()
          .flatMap(List::stream)
          .map(Cell::course)
          .mapToInt(c -> c.repetitions())
          .sum();
    }
  }

  private Grounds() {}

  /**
   * Finds them.
   *
   * @param instead whether the testbed was named in place of the experiment's own: then modes that
   *     it has not are left out, where others remain
   * @param umlKernel a User-mode Linux kernel; empty for Debian's
   * @throws TestbedException naming everything that lacks, and the mend
   */
  static Found find(
      Experiment experiment, ClusterOptions cluster, boolean instead, String umlKernel) {
    return switch (experiment.testbed()) {
      case AUTO -> on(experiment, NetnsRequirements.lacking().isEmpty(), guest(umlKernel));
      case UML -> uml(experiment, instead, umlKernel);
      case NETNS -> {
        NetnsRequirements.require();
        if (instead) {
          yield on(experiment, true, Optional.empty());
        }
        requireIpvs(experiment);
        yield asNamed(experiment);
      }
      case KIND -> new Found(kind(experiment, cluster, instead), Optional.empty());
      case LOOPBACK, CLUSTER -> asNamed(experiment);
    };
  }

  private static Found asNamed(Experiment experiment) {
    return new Found(Placement.asNamed(experiment), Optional.empty());
  }

  private static Found uml(Experiment experiment, boolean instead, String umlKernel) {
    if (UmlGuest.inside()) {
      return asNamed(experiment);
    }
    UmlGuest guest = UmlGuest.find(umlKernel);
    if (instead) {
      return on(experiment, false, Optional.of(guest));
    }
    List<String> lacking = Placement.lacking(experiment.cells(), guest.abilities());
    if (!lacking.isEmpty()) {
      throw new TestbedException(
          "the guest kernel " + guest.kernel() + " has no " + String.join(" and no ", lacking),
          "another kernel with --uml-kernel, or other cells");
    }
    return new Found(Placement.asNamed(experiment), Optional.of(guest));
  }

  /** What can run in this kernel, if it may be used, or in the guest's. */
  private static Found on(Experiment experiment, boolean here, Optional<UmlGuest> guest) {
    Placement placement =
        Placement.auto(
            experiment,
            here ? Optional.of(Abilities.here()) : Optional.empty(),
            guest.map(UmlGuest::abilities));
    return new Found(
        placement, placement.cells().containsKey(TestbedKind.UML) ? guest : Optional.empty());
  }

  private static void requireIpvs(Experiment experiment) {
    if (hasIpvs(experiment) && !Abilities.here().ipvs()) {
      throw new TestbedException(
          "data plane ipvs needs ip_vs in this kernel, and the programs ipvsadm and ipset",
          "--testbed auto or uml, which brings a kernel that has it");
    }
  }

  private static boolean hasIpvs(Experiment experiment) {
    return experiment.cells().stream().anyMatch(Grounds::hasIpvs);
  }

  /** At any time. */
  private static boolean hasIpvs(Cell cell) {
    return cell.dataPlane() == DataPlane.IPVS
        || cell.course().events().stream()
            .anyMatch(e -> e instanceof Event.ChangeMode(DataPlane to, _) && to == DataPlane.IPVS);
  }

  private static Placement kind(Experiment experiment, ClusterOptions cluster, boolean instead) {
    try {
      KindRequirements.require(cluster, hasIpvs(experiment));
      return Placement.asNamed(experiment);
    } catch (TestbedException e) {
      List<Cell> others = experiment.cells().stream().filter(c -> !hasIpvs(c)).toList();
      int left = experiment.cells().size() - others.size();
      if (!instead || left == 0 || others.isEmpty()) {
        throw e;
      }
      Experiment without = experiment.only(others, TestbedKind.KIND);
      KindRequirements.require(cluster, false);
      return Placement.asNamed(without)
          .noting("left out: " + left + " cells of mode ipvs, for " + e.getMessage());
    }
  }

  /** A kernel that was named has to be one; Debian's may be missing. */
  private static Optional<UmlGuest> guest(String umlKernel) {
    try {
      return Optional.of(UmlGuest.find(umlKernel));
    } catch (TestbedException e) {
      if (!umlKernel.isEmpty()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
