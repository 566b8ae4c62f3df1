package dev.conntrail.dataplane;

import static dev.conntrail.dataplane.ProxyConfig.MASQUERADE_MARK;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Input for {@code iptables-restore --noflush} as kube-proxy assembles it in iptables mode: what is
 * there whatever the Services are, and around it theirs ({@code iptablesJumpChains}, {@code
 * syncProxyRules}, {@code pkg/proxy/iptables/proxier.go}).
 */
final class RestoreInput {
  /** Chains of the nat table that hold an entry for each Service. */
  private static final Set<String> SHARED = Set.of("KUBE-SERVICES", "KUBE-NODEPORTS");

  private static final String CT_NEW = "-m conntrack --ctstate NEW ";
  private static final String MARKED = "--mark " + MASQUERADE_MARK + "/" + MASQUERADE_MARK;

  private final ProxyConfig config;
  private final IpFamily family;
  private final Set<String> chains = new LinkedHashSet<>();
  private final StringBuilder filterRules = new StringBuilder();
  private final StringBuilder natChains = new StringBuilder();
  private final StringBuilder natRules = new StringBuilder();
  private boolean entriesOnly;

  /** Begins with the rules that come before those of the Services. */
  RestoreInput(ProxyConfig config) {
    this.config = config;
    this.family = config.family();
    nat("KUBE-POSTROUTING", "-m mark ! " + MARKED + " -j RETURN");
    nat("KUBE-POSTROUTING", "-j MARK --xor-mark " + MASQUERADE_MARK);
    nat(
        "KUBE-POSTROUTING",
        comment("kubernetes service traffic requiring SNAT") + "-j MASQUERADE --random-fully");
    nat("KUBE-MARK-MASQ", "-j MARK --or-mark " + MASQUERADE_MARK);
    if (family.localhostNodePorts()) {
      filter(
          "KUBE-FIREWALL",
          comment("block incoming localnet connections")
              + "-d "
              + family.localhost
              + " ! -s "
              + family.localhost
              + " -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP");
    }
  }

  /** The Service that follows is written whole, or only its entries in shared chains. */
  void entriesOnly(boolean only) {
    entriesOnly = only;
  }

  /** Chains of Services, in the order of the text. */
  Set<String> chains() {
    return chains;
  }

  /** Declares a chain of a Service. */
  void chain(String name) {
    chains.add(name);
    if (!entriesOnly) {
      declare(name);
    }
  }

  /** A chain that is no longer used: emptied, then removed. */
  void remove(String chain) {
    declare(chain);
    natRules.append("-X ").append(chain).append('\n');
  }

  private void declare(String chain) {
    natChains.append(':').append(chain).append(" - [0:0]\n");
  }

  /** A rule of table nat. */
  void nat(String chain, String rule) {
    if (!entriesOnly || SHARED.contains(chain)) {
      natRules.append("-A ").append(chain).append(' ').append(rule).append('\n');
    }
  }

  /** A rule of table filter. */
  void filter(String chain, String rule) {
    filterRules.append("-A ").append(chain).append(' ').append(rule).append('\n');
  }

  /** The rules that come after those of the Services. */
  void end() {
    entriesOnly = false;
    nat(
        "KUBE-SERVICES",
        comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain")
            + "-m addrtype --dst-type LOCAL "
            + (family.localhostNodePorts() ? "" : "! -d " + family.localhost + " ")
            + "-j KUBE-NODEPORTS");
    String counter =
        config.nfacct()
            ? "-m nfacct --nfacct-name " + IptablesRules.NFACCT_COUNTERS.getFirst() + " "
            : "";
    filter("KUBE-FORWARD", "-m conntrack --ctstate INVALID " + counter + "-j DROP");
    filter(
        "KUBE-FORWARD",
        comment("kubernetes forwarding rules") + "-m mark " + MARKED + " -j ACCEPT");
    filter(
        "KUBE-FORWARD",
        comment("kubernetes forwarding conntrack rule")
            + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
  }

  /** The whole text. */
  String assemble() {
    return "*mangle\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n*filter\n"
        + declared(
            "KUBE-SERVICES",
            "KUBE-EXTERNAL-SERVICES",
            "KUBE-FORWARD",
            "KUBE-NODEPORTS",
            "KUBE-PROXY-FIREWALL",
            "KUBE-FIREWALL",
            "KUBE-PROXY-CANARY")
        + filterJumps()
        + filterRules
        + "COMMIT\n*nat\n"
        + declared(
            "KUBE-SERVICES",
            "KUBE-NODEPORTS",
            "KUBE-POSTROUTING",
            "KUBE-MARK-MASQ",
            "KUBE-PROXY-CANARY")
        + natChains
        + jump("PREROUTING", "", "kubernetes service portals", "KUBE-SERVICES")
        + jump("OUTPUT", "", "kubernetes service portals", "KUBE-SERVICES")
        + jump("POSTROUTING", "", "kubernetes postrouting rules", "KUBE-POSTROUTING")
        + natRules
        + "COMMIT\n";
  }

  private static String filterJumps() {
    String firewall = "kubernetes load balancer firewall";
    String external = "kubernetes externally-visible service portals";
    return jump("INPUT", CT_NEW, firewall, "KUBE-PROXY-FIREWALL")
        + jump("INPUT", "", "kubernetes health check service ports", "KUBE-NODEPORTS")
        + jump("INPUT", CT_NEW, external, "KUBE-EXTERNAL-SERVICES")
        + "-A INPUT -j KUBE-FIREWALL\n"
        + jump("FORWARD", CT_NEW, firewall, "KUBE-PROXY-FIREWALL")
        + jump("FORWARD", "", "kubernetes forwarding rules", "KUBE-FORWARD")
        + jump("FORWARD", CT_NEW, "kubernetes service portals", "KUBE-SERVICES")
        + jump("FORWARD", CT_NEW, external, "KUBE-EXTERNAL-SERVICES")
        + jump("OUTPUT", CT_NEW, firewall, "KUBE-PROXY-FIREWALL")
        + jump("OUTPUT", CT_NEW, "kubernetes service portals", "KUBE-SERVICES")
        + "-A OUTPUT -j KUBE-FIREWALL\n";
  }

  private static String jump(String from, String match, String comment, String to) {
    return "-A " + from + " " + match + comment(comment) + "-j " + to + "\n";
  }

  private static String declared(String... chains) {
    StringBuilder out = new StringBuilder();
    for (String chain : chains) {
      out.append(':').append(chain).append(" - [0:0]\n");
    }
    return out.toString();
  }

  /** A comment of more than one word. */
  static String comment(String text) {
    return "-m comment --comment \"" + text + "\" ";
  }
}
