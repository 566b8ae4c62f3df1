package dev.conntrail.dataplane;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What kube-proxy 1.34 and 1.37 program in ipvs mode, IPv4 ({@code pkg/proxy/ipvs/proxier.go},
 * {@code syncProxyRules}, {@code writeIptablesRules}; {@code ipset.go}): the addresses of
 * kube-ipvs0, virtual and real servers, ipsets, a fixed number of iptables rules, sysctls. A pure
 * function.
 *
 * @param sysctls names under {@code /proc/sys}, with their values
 * @param addresses of the dummy interface {@value #INTERFACE}
 * @param ipset input for {@code ipset restore}
 * @param iptables input for {@code iptables-restore --noflush}; names the sets, so load them first
 * @param ipvsadm input for {@code ipvsadm -R}
 */
public record IpvsRules(
    Map<String, String> sysctls,
    List<String> addresses,
    String ipset,
    String iptables,
    String ipvsadm) {
  /** The interface that makes Service addresses local, so that packets meet ipvs in LOCAL_IN. */
  public static final String INTERFACE = "kube-ipvs0";

  /** {@code setSysctls} of the ipvs proxier, for kernels from 5.9 on. */
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
        SYSCTLS,
        List.copyOf(state.addresses()),
        state.ipset(),
        IpvsIptables.text(state, config),
        state.ipvsadm());
  }

  /** The same after an edit of the virtual and real servers. */
  IpvsRules edited(UnaryOperator<String> edit) {
    return new IpvsRules(sysctls, addresses, ipset, iptables, edit.apply(ipvsadm));
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
    addresses.forEach(a ->
        text.append("# ip addr add ").append(a).append("/32 dev ").append(INTERFACE).append('\n'));
    return text.append("# ipset restore\n")
        .append(ipset)
        .append("# iptables-restore --noflush\n")
        .append(iptables)
        .append("# ipvsadm -R\n")
        .append(ipvsadm)
        .toString();
  }
}
