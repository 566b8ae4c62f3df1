package dev.conntrail.testbed;

import dev.conntrail.spec.Ability;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel can do with the programs that are there: found out by trying, or by its
 * configuration, never by its version.
 *
 * @param nftables nf_tables for IPv4, for nftables and iptables-nft
 * @param legacyIptables ip_tables, for iptables-legacy and ipvs
 * @param ipvs ip_vs and ipset
 * @param cpus processors that it can use
 */
public record Abilities(boolean nftables, boolean legacyIptables, boolean ipvs, int cpus) {
  /** A script that only a kernel with nf_tables for IPv4, its NAT and conntrack carries out. */
  static final String NFT =
      "echo 'table ip t { chain c { type nat hook prerouting priority -100; ct state new counter; };  }' | nft -f -";

  /** Those of this machine's own kernel, tried in a namespace that is gone at once. */
  public static Abilities here() {
    return new Abilities(
        holdsNftables(),
        works(iptables("legacy")),
        works("ipvsadm -Ln && ipset list -n"),
        processors());
  }

  /** Whether this machine's own kernel takes rules of nf_tables for IPv4. */
  public static boolean holdsNftables() {
    return works(NFT);
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** A script that only a kernel carries out that takes kube-proxy's rules from this backend. */
  static String iptables(String backend) {
    return "iptables-"
        + backend
        + " -t nat -A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -m comment --comment x -j DNAT --to-destination 10.0.0.1:80";
  }

  private static boolean works(String script) {
    return Programs.find("unshare").isPresent() && trial(script).exitCode() == 0;
  }

  /** Runs a script in a namespace that is gone at once; root only. */
  static Programs.Done trial(String script) {
    return Programs.attempt(
        List.of("unshare", "--net", "sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; " + script),
        "",
        Programs.SHORT);
  }

  /** What a kernel lacks of what cells need, in words with what each is for. */
  public Map<Ability, String> lacking() {
    Map<Ability, String> lacking = new EnumMap<>(Ability.class);
    if (!nftables) {
      lacking.put(Ability.NFTABLES, "nf_tables for IPv4, for nftables and iptables-nft");
    }
    if (!legacyIptables) {
      String tables = "ip_tables, for iptables-legacy and ipvs";
      lacking.put(Ability.IPTABLES_LEGACY, tables);
      lacking.put(Ability.IPVS, tables);
    }
    if (!nftables && !legacyIptables) {
      lacking.put(Ability.IPTABLES, "nf_tables for IPv4 and no ip_tables, for iptables");
    }
    if (!ipvs) {
      lacking.put(Ability.IPVS, "ip_vs, for data plane ipvs");
    }
    return lacking;
  }
}
