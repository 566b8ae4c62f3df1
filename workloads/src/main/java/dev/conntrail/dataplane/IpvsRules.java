package dev.conntrail.dataplane;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What kube-proxy 1.34 and 1.37 program in ipvs mode ({@code pkg/proxy/ipvs/proxier.go}, {@code
 * syncProxyRules}, {@code writeIptablesRules}; {@code ipset.go}): the addresses of kube-ipvs0,
 * virtual and real servers, ipsets, a fixed number of iptables rules, sysctls. A pure function.
 *
 * @param family of all of it
 * @param sysctls names under {@code /proc/sys}, with their values
 * @param addresses of the dummy interface {@value #INTERFACE}
 * @param ipset input for {@code ipset restore}
 * @param iptables input for {@code iptables-restore --noflush}, or of IPv6 for {@code
 *     ip6tables-restore}; names the sets, so load them first
 * @param ipvsadm input for {@code ipvsadm -R}
 */
public record IpvsRules(
    IpFamily family,
    Map<String, String> sysctls,
    List<String> addresses,
    String ipset,
    String iptables,
    String ipvsadm) {
  /** The interface that makes Service addresses local, so that packets meet ipvs in LOCAL_IN. */
  public static final String INTERFACE = "kube-ipvs0";

  /** What the ipvs proxier of either family sets, on kernels from 5.9 on ({@code NewProxier}). */
  private static final Map<String, String> SYSCTLS =
      Map.of(
          "net/ipv4/vs/conntrack", "1",
          "net/ipv4/vs/expire_nodest_conn", "1",
          "net/ipv4/vs/expire_quiescent_template", "1",
          "net/ipv4/ip_forward", "1");

  public IpvsRules {
    sysctls = Map.copyOf(sysctls);
    addresses = List.copyOf(addresses);
  }

  /** All of it, for these Services. */
  public static IpvsRules of(List<ServicePort> services, ProxyConfig config, String scheduler) {
    IpvsState state = IpvsState.of(services, config, scheduler);
    return new IpvsRules(
        config.family(),
        SYSCTLS,
        List.copyOf(state.addresses()),
        state.ipset(),
        IpvsIptables.text(state, config),
        state.ipvsadm());
  }

  /** The same after an edit of the virtual and real servers. */
  IpvsRules edited(UnaryOperator<String> edit) {
    return new IpvsRules(family, sysctls, addresses, ipset, iptables, edit.apply(ipvsadm));
  }

  /** Input for {@code ip -batch} that gives {@value #INTERFACE} its addresses, a line each. */
  List<String> addressLines() {
    return addresses.stream().map(a -> addressLine("add", a, family)).toList();
  }

  /** One line that adds or deletes an address. */
  static String addressLine(String verb, String address, IpFamily family) {
    return "addr " + verb + " " + address + "/" + family.addressBits + " dev " + INTERFACE + "\n";
  }

  /** All of it as one text, for people and for the record. */
  public String text() {
    StringBuilder text = new StringBuilder();
    sysctls.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e ->
            text.append("# sysctl ")
                .append(e.getKey().replace('/', '.'))
                .append('=')
                .append(e.getValue())
                .append('\n'));
    text.append("# ip link add ").append(INTERFACE).append(" type dummy\n");
    addressLines().forEach(a -> text.append("# ip ").append(a));
    return text.append("# ipset restore\n")
        .append(ipset)
        .append("# " + family.restore + " --noflush\n")
        .append(iptables)
        .append("# ipvsadm -R\n")
        .append(ipvsadm)
        .toString();
  }
}
