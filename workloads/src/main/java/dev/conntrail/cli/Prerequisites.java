package dev.conntrail.cli;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.Privileges;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.ClusterOptions;
import dev.conntrail.testbed.kube.KindCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this machine has, and the one line that mends what it lacks. */
final class Prerequisites {
  /** The line that installs everything on Debian and Ubuntu. */
  static final String INSTALL =
      "apt-get install -y --no-install-recommends iproute2 iptables nftables conntrack nfacct util-linux";

  /**
   * One thing that was looked at.
   *
   * @param name what
   * @param ok whether it is there
   * @param needed whether the testbed netns cannot do without
   * @param found what was found
   * @param mend the line that mends it; empty if all is well
   */
  record Check(String name, boolean ok, boolean needed, String found, String mend) {}

  private Prerequisites() {}

  /** Everything that the testbed netns needs. */
  static List<Check> netns() {
    List<Check> checks = new ArrayList<>();
    boolean linux = System.getProperty("os.name").equals("Linux");
    checks.add(
        new Check(
            "Linux",
            linux,
            true,
            System.getProperty("os.name") + " " + System.getProperty("os.version"),
            linux ? "" : "run on Linux, or take testbed loopback"));
    boolean root = "root".equals(System.getProperty("user.name"));
    checks.add(
        new Check(
            "root",
            root,
            true,
            "user " + System.getProperty("user.name"),
            root ? "" : "sudo -E, or take testbed loopback"));
    for (String program :
        List.of(
            "ip",
            "nsenter",
            "setsid",
            "iptables",
            "iptables-nft-restore",
            "iptables-legacy-restore",
            "nft",
            "conntrack")) {
      checks.add(program(program, true));
    }
    checks.add(program("nfacct", false));
    if (linux && root && Programs.find("unshare").isPresent() && Programs.find("nft").isPresent()) {
      Check privileges = privileges();
      checks.add(privileges);
      if (!privileges.ok()) {
        return checks;
      }
      checks.add(
          kernel("kernel: namespaces and veth", true, "ip link add v0 type veth peer name v1"));
      checks.add(
          kernel(
              "kernel: nf_tables with NAT and conntrack",
              true,
              "echo 'table ip t { chain c { type nat hook prerouting priority -100; ct state new counter; };  }' | nft -f -"));
      checks.add(kernel("kernel: iptables-nft with statistic and DNAT", true, rule("nft")));
      checks.add(kernel("kernel: iptables-legacy with statistic and DNAT", false, rule("legacy")));
      checks.add(kernel("kernel: conntrack table", true, "conntrack -L"));
      checks.add(
          kernel("kernel: ip_vs (for data plane ipvs on netns and kind)", false, "ipvsadm -Ln"));
    }
    return checks;
  }

  /** What the testbed kind needs beside; nothing that netns cannot do without. */
  static List<Check> kind() {
    return List.of(
        tried("kind: Docker answers, and kind is there", KindCluster::requireTools),
        tried(
            "kind: the image " + ClusterOptions.DEFAULT_IMAGE,
            () -> KindCluster.requireImage(ClusterOptions.DEFAULT_IMAGE)));
  }

  /** What the testbed uml needs; nothing that netns cannot do without. */
  static Check uml() {
    Check there = tried("uml: a User-mode Linux kernel, ipvsadm, ipset", () -> UmlGuest.find(""));
    return there.ok()
        ? new Check(there.name(), true, false, abilities(UmlGuest.find("")), "")
        : there;
  }

  private static String abilities(UmlGuest guest) {
    Abilities can = guest.abilities();
    return guest.kernel()
        + ": ip_vs "
        + yes(can.ipvs())
        + ", ip_tables "
        + yes(can.legacyIptables())
        + ", nf_tables for IPv4 "
        + yes(can.nftables())
        + ", processors "
        + can.cpus();
  }

  private static String yes(boolean can) {
    return can ? "yes" : "no";
  }

  private static Check tried(String name, Runnable requirement) {
    try {
      requirement.run();
      return new Check(name, true, false, "works", "");
    } catch (TestbedException e) {
      String[] parts = String.valueOf(e.getMessage()).split("; mend: ", 2);
      return new Check(name, false, false, parts[0], parts.length > 1 ? parts[1] : "see above");
    }
  }

  private static String rule(String backend) {
    return "iptables-"
        + backend
        + " -t nat -A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -m comment --comment x -j DNAT --to-destination 10.0.0.1:80";
  }

  private static Check program(String name, boolean needed) {
    boolean there = Programs.find(name).isPresent();
    return new Check(
        "program " + name,
        there,
        needed,
        there ? Programs.find(name).orElseThrow().toString() : "not found",
        there ? "" : INSTALL);
  }

  private static Check privileges() {
    Optional<String> refused = Privileges.refused();
    return new Check(
        "privileges: namespaces, mounts and sysctls",
        refused.isEmpty(),
        true,
        refused.orElse("works"),
        refused.isEmpty() ? "" : Privileges.MEND);
  }

  /** Tried for real, in a namespace that is gone at once. */
  private static Check kernel(String name, boolean needed, String script) {
    Programs.Done done =
        Programs.attempt(
            List.of("unshare", "--net", "sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; " + script),
            "",
            Programs.SHORT);
    boolean ok = done.exitCode() == 0;
    String why = (done.err() + done.out()).strip().lines().reduce((_, b) -> b).orElse("refused");
    return new Check(
        name,
        ok,
        needed,
        ok ? "works" : why,
        ok
            ? ""
            : "a kernel (or its modules) with this; `modprobe -a nf_tables nft_chain_nat xt_statistic veth ip_vs` where modules are");
  }

  /**
   * Refuses to start what cannot run here.
   *
   * @throws TestbedException naming everything that lacks, and the mend
   */
  static void require(Experiment experiment, ClusterOptions options) {
    switch (experiment.testbed()) {
      case LOOPBACK, CLUSTER, UML, AUTO -> {}
      case KIND -> requireKind(experiment, options);
      case NETNS -> {
        requireNetns();
        requireIpvs(experiment);
      }
    }
  }

  private static void requireIpvs(Experiment experiment) {
    if (experiment.cells().stream().anyMatch(c -> c.dataPlane() == DataPlane.IPVS)
        && !Abilities.here().ipvs()) {
      throw new TestbedException(
          "data plane ipvs needs ip_vs in this kernel, and the programs ipvsadm and ipset; mend: --testbed auto or uml, which brings a kernel that has it");
    }
  }

  private static void requireKind(Experiment experiment, ClusterOptions options) {
    KindCluster.requireTools();
    KindCluster.requireImage(options.image());
    if (experiment.cells().stream().anyMatch(c -> c.dataPlane() == DataPlane.IPVS)
        && options.reuse().isEmpty()) {
      KindCluster.requireIpvs(
          options.nodeImage().isEmpty() ? options.image() : options.nodeImage());
    }
  }

  /**
   * The same for testbed netns alone.
   *
   * @throws TestbedException naming everything that lacks, and the mend
   */
  static void requireNetns() {
    List<String> lacking = lackingForNetns();
    if (!lacking.isEmpty()) {
      throw new TestbedException(
          "testbed netns needs "
              + String.join("; ", lacking)
              + "; testbed loopback needs nothing: run loopback");
    }
  }

  /** What testbed netns lacks here, each with its mend; empty if nothing. */
  static List<String> lackingForNetns() {
    List<String> lacking = new ArrayList<>();
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      lacking.add("root (mend: sudo -E)");
    }
    List<String> programs =
        List.of("ip", "nsenter", "iptables-nft-restore", "nft", "conntrack").stream()
            .filter(p -> Programs.find(p).isEmpty())
            .toList();
    if (!programs.isEmpty()) {
      lacking.add(String.join(", ", programs) + " (mend: " + INSTALL + ")");
    }
    if (root && Programs.find("unshare").isPresent()) {
      Privileges.refused()
          .ifPresent(why ->
              lacking.add(
                  "privileges over namespaces and sysctls: "
                      + why
                      + " (mend: "
                      + Privileges.MEND
                      + ")"));
    }
    if (root && !Files.isWritable(Path.of("/run"))) {
      lacking.add("a writable /run");
    }
    return lacking;
  }
}
