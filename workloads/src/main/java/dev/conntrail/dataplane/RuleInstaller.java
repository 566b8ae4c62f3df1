package dev.conntrail.dataplane;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Loads rules into a node as kube-proxy loads them, dumps what the kernel then has, and removes
 * them.
 */
public final class RuleInstaller {
  private static final double NS_PER_MS = 1e6;
  private static final String EMPTY_TABLES =
      "*mangle\n:PREROUTING ACCEPT\nCOMMIT\n*filter\n:INPUT ACCEPT\nCOMMIT\n*nat\n:PREROUTING ACCEPT\nCOMMIT\n";

  private final LocalTestbed testbed;
  private final Place node;

  public RuleInstaller(LocalTestbed testbed) {
    this.testbed = testbed;
    this.node = testbed.node();
  }

  /**
   * Rules as they were loaded.
   *
   * @param plane the data plane
   * @param backend {@code nft} or {@code legacy} for iptables, as it really is; {@code NA}
   *     otherwise
   * @param tool the program's own version line
   * @param text what was loaded
   * @param sha256 of the text
   * @param rules how many rules and set elements the text has
   * @param loadMs how long loading took, milliseconds
   */
  public record Installed(
      DataPlane plane,
      String backend,
      String tool,
      String text,
      String sha256,
      long rules,
      double loadMs) {}

  /**
   * Which backend {@code auto} means on this machine: that of its {@code iptables}, or legacy where
   * the kernel has no nf_tables for IPv4.
   */
  public static IptablesBackend resolve(IptablesBackend asked) {
    if (asked != IptablesBackend.AUTO) {
      return asked;
    }
    String version = Programs.run(List.of("iptables", "--version"), "", Programs.SHORT);
    boolean nft =
        version.contains("nf_tables")
            && Programs.attempt(
                        List.of("unshare", "--net", "iptables-nft", "-t", "nat", "-S"),
                        "",
                        Programs.SHORT)
                    .exitCode()
                == 0;
    return nft ? IptablesBackend.NFT : IptablesBackend.LEGACY;
  }

  /**
   * Loads rules.
   *
   * @param edit applied to the text first; the identity for kube-proxy's own rules
   */
  public Installed install(
      DataPlane plane,
      IptablesBackend asked,
      List<ServicePort> services,
      ProxyConfig config,
      UnaryOperator<String> edit) {
    return switch (plane) {
      case DIRECT -> new Installed(plane, "NA", "none", "", sha256(""), 0, 0);
      case IPTABLES -> iptables(resolve(asked), services, config, edit);
      case IPVS -> ipvs(services, config, edit);
      case NFTABLES -> {
        String text = edit.apply(NftablesRules.text(services, config, IpFamily.IPV4));
        String tool = testbed.run(node, List.of("nft", "--version"), "", Programs.SHORT).strip();
        double ms = timed(List.of("nft", "-f", "-"), text);
        yield new Installed(
            plane, "NA", tool, text, sha256(text), lines(text, "add rule", "add element"), ms);
      }
    };
  }

  /**
   * As kube-proxy does it: sysctls, addresses, sets, rules (which name the sets), virtual servers.
   * Rules go to ip_tables, which every kernel with ip_vs has.
   */
  private Installed ipvs(
      List<ServicePort> services, ProxyConfig config, UnaryOperator<String> edit) {
    IpvsRules rules = IpvsRules.of(services, config, IpvsRules.DEFAULT_SCHEDULER);
    String ipvsadm = edit.apply(rules.ipvsadm());
    String tool = testbed.run(node, List.of("ipvsadm", "--version"), "", Programs.SHORT).strip();
    StringBuilder addresses =
        new StringBuilder("link add " + IpvsRules.INTERFACE + " type dummy\n");
    rules
        .addresses()
        .forEach(a -> addresses.append("addr add " + a + "/32 dev " + IpvsRules.INTERFACE + "\n"));
    String sysctls =
        rules.sysctls().entrySet().stream()
            .map(e -> "echo " + e.getValue() + " > /proc/sys/" + e.getKey())
            .collect(Collectors.joining(" && "));
    double ms = timed(List.of("sh", "-c", sysctls), "");
    ms += timed(List.of("ip", "-batch", "-"), addresses.toString());
    ms += timed(List.of("ipset", "restore"), rules.ipset());
    ms += timed(List.of("iptables-legacy-restore", "-w", "5", "--noflush"), rules.iptables());
    ms += timed(List.of("ipvsadm", "-R"), ipvsadm);
    String text = rules.text();
    return new Installed(
        DataPlane.IPVS, "NA", tool, text, sha256(text), lines(text, "-A ", "-a ", "add "), ms);
  }

  private double removeIpvs() {
    double ms = timed(List.of("ipvsadm", "-C"), "");
    ms += timed(List.of("iptables-legacy-restore", "-w", "5"), EMPTY_TABLES);
    ms += timed(List.of("ipset", "destroy"), "");
    return ms + timed(List.of("ip", "link", "del", IpvsRules.INTERFACE), "");
  }

  private Installed iptables(
      IptablesBackend backend,
      List<ServicePort> services,
      ProxyConfig config,
      UnaryOperator<String> edit) {
    boolean nfacct = config.nfacct() && makeCounters();
    ProxyConfig found =
        new ProxyConfig(
            config.node(),
            config.zone(),
            config.nodeIps(),
            config.clusterCidr(),
            config.serviceCidrs(),
            config.masqueradeAll(),
            nfacct);
    String text = edit.apply(IptablesRules.text(services, found));
    String tool =
        testbed.run(node, List.of(program(backend, ""), "--version"), "", Programs.SHORT).strip();
    double ms =
        timed(List.of(program(backend, "-restore"), "-w", "5", "--noflush", "--counters"), text);
    return new Installed(
        DataPlane.IPTABLES, backend.word(), tool, text, sha256(text), lines(text, "-A "), ms);
  }

  /** The rules as the kernel now lists them. */
  public String dump(Installed installed) {
    List<String> command =
        switch (installed.plane()) {
          case DIRECT -> List.of();
          case IPVS ->
              List.of(
                  "sh",
                  "-c",
                  "ipvsadm -Sn; ipset save; iptables-legacy-save; ip addr show "
                      + IpvsRules.INTERFACE);
          case NFTABLES -> List.of("nft", "list", "table", "ip", NftablesRules.TABLE);
          case IPTABLES -> List.of("iptables-" + installed.backend() + "-save");
        };
    return command.isEmpty() ? "" : testbed.run(node, command, "", Programs.LONG);
  }

  /** kube-proxy makes its counters first, and leaves out the rules that name them if it cannot. */
  private boolean makeCounters() {
    return Programs.find("nfacct").isPresent()
        && IptablesRules.NFACCT_COUNTERS.stream()
            .allMatch(counter ->
                testbed
                            .attempt(node, List.of("nfacct", "add", counter), "", Programs.SHORT)
                            .exitCode()
                        == 0
                    || testbed
                            .attempt(node, List.of("nfacct", "get", counter), "", Programs.SHORT)
                            .exitCode()
                        == 0);
  }

  /** Removes what {@link #install} loaded; how long that took, milliseconds. */
  public double remove(Installed installed) {
    return switch (installed.plane()) {
      case DIRECT -> 0;
      case IPVS -> removeIpvs();
      case NFTABLES -> timed(List.of("nft", "delete", "table", "ip", NftablesRules.TABLE), "");
      case IPTABLES -> {
        if (installed.backend().equals(IptablesBackend.NFT.word())) {
          yield timed(
              List.of("nft", "-f", "-"),
              "delete table ip mangle\ndelete table ip filter\ndelete table ip nat\n");
        }
        yield timed(List.of(program(IptablesBackend.LEGACY, "-restore"), "-w", "5"), EMPTY_TABLES);
      }
    };
  }

  /** Forgets all connections, so that a repetition begins with an empty table. */
  public void flushConnections() {
    testbed.run(node, List.of("conntrack", "-F"), "", Programs.SHORT);
  }

  /** The kernel's connection table, as {@code conntrack -L} lists it. */
  public String connections() {
    return testbed.run(node, List.of("conntrack", "-L", "-p", "tcp"), "", Programs.LONG);
  }

  private double timed(List<String> command, String input) {
    long start = System.nanoTime();
    Programs.Done done = testbed.attempt(node, command, input, Programs.LONG);
    double ms = (System.nanoTime() - start) / NS_PER_MS;
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "`"
              + String.join(" ", command)
              + "` refused the rules: "
              + done.err().strip().lines().limit(5).reduce((a, b) -> a + "; " + b).orElse(""));
    }
    return ms;
  }

  private static String program(IptablesBackend backend, String suffix) {
    return "iptables-" + backend.word() + suffix;
  }

  private static long lines(String text, String... starts) {
    return text.lines()
        .filter(l -> java.util.Arrays.stream(starts).anyMatch(l::startsWith))
        .count();
  }

  /** The hash by which rules are recorded. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
