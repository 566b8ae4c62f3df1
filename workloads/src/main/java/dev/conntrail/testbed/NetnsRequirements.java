package dev.conntrail.testbed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the testbed netns cannot do without, and the one line that mends what lacks. */
public final class NetnsRequirements {
  /** The line that installs everything on Debian and Ubuntu. */
  private static final String INSTALL =
      "apt-get install -y --no-install-recommends iproute2 iptables nftables conntrack nfacct util-linux";

  private static final List<String> PROGRAMS =
      List.of("ip", "nsenter", "setsid", "iptables", "iptables-nft-restore", "nft", "conntrack");

  /** For iptables-legacy, and for kube-proxy's counters. */
  private static final List<String> OPTIONAL = List.of("iptables-legacy-restore", "nfacct");

  private NetnsRequirements() {}

  /** Everything, and what each is good for. */
  public static List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    boolean linux = System.getProperty("os.name").equals("Linux");
    checks.add(
        new Check(
            "Linux",
            linux,
            true,
            System.getProperty("os.name") + " " + System.getProperty("os.version"),
            linux ? "" : "run on Linux, or take testbed loopback"));
    checks.add(
        new Check(
            "root",
            root(),
            true,
            "user " + System.getProperty("user.name"),
            root() ? "" : "sudo -E, or take testbed loopback"));
    PROGRAMS.forEach(p -> checks.add(program(p, true)));
    OPTIONAL.forEach(p -> checks.add(program(p, false)));
    if (linux
        && root()
        && Stream.of("unshare", "nft").allMatch(p -> Programs.find(p).isPresent())) {
      Optional<String> refused = Privileges.refused();
      checks.add(privileges(refused));
      if (refused.isEmpty()) {
        checks.addAll(kernel());
      }
    }
    return checks;
  }

  private static Check privileges(Optional<String> refused) {
    return new Check(
        "privileges: namespaces, mounts and sysctls",
        refused.isEmpty(),
        true,
        refused.orElse("works"),
        refused.isEmpty() ? "" : Privileges.MEND);
  }

  private static List<Check> kernel() {
    return List.of(
        kernel("namespaces and veth", true, "ip link add v0 type veth peer name v1"),
        kernel("nf_tables with NAT and conntrack", true, Abilities.NFT),
        kernel("iptables-nft with statistic and DNAT", true, Abilities.iptables("nft")),
        kernel("iptables-legacy with statistic and DNAT", false, Abilities.iptables("legacy")),
        kernel("conntrack table", true, "conntrack -L"),
        kernel("ip_vs (for data plane ipvs on netns and kind)", false, "ipvsadm -Ln"));
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static Check program(String name, boolean needed) {
    return Programs.find(name)
        .map(file -> new Check("program " + name, true, needed, file.toString(), ""))
        .orElse(new Check("program " + name, false, needed, "not found", INSTALL));
  }

  private static Check kernel(String what, boolean needed, String script) {
    Programs.Done done = Abilities.trial(script);
    boolean ok = done.exitCode() == 0;
    String why = (done.err() + done.out()).strip().lines().reduce((_, b) -> b).orElse("refused");
    return new Check(
        "kernel: " + what,
        ok,
        needed,
        ok ? "works" : why,
        ok
            ? ""
            : "a kernel (or its modules) with this; `modprobe -a nf_tables nft_chain_nat xt_statistic veth ip_vs` where modules are");
  }

  /**
   * Refuses to go on where it lacks something.
   *
   * @throws TestbedException naming everything that lacks, and the mend
   */
  public static void require() {
    List<String> lacking = lacking();
    if (!lacking.isEmpty()) {
      throw new TestbedException(
          "testbed netns needs "
              + String.join("; ", lacking)
              + "; testbed loopback needs nothing: run loopback");
    }
  }

  /** What it lacks here, each with its mend; empty if nothing. */
  public static List<String> lacking() {
    List<String> lacking = new ArrayList<>();
    if (!root()) {
      lacking.add("root (mend: sudo -E)");
    }
    List<String> programs = PROGRAMS.stream().filter(p -> Programs.find(p).isEmpty()).toList();
    if (!programs.isEmpty()) {
      lacking.add(String.join(", ", programs) + " (mend: " + INSTALL + ")");
    }
    if (root() && Programs.find("unshare").isPresent()) {
      Privileges.refused()
          .ifPresent(why ->
              lacking.add(
                  "privileges over namespaces and sysctls: "
                      + why
                      + " (mend: "
                      + Privileges.MEND
                      + ")"));
    }
    if (root() && !Files.isWritable(Path.of("/run"))) {
      lacking.add("a writable /run");
    }
    return lacking;
  }
}
