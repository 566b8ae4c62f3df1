package dev.conntrail.dataplane;

import dev.conntrail.spec.IptablesBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * Mode ipvs, in kube-proxy's order as far as clients see it: sysctls, virtual servers, their
 * addresses, sets, rules (which name the sets). Rules go to ip_tables, which every kernel with
 * ip_vs has.
 */
final class IpvsProxy extends NodeProxy {
  private final String scheduler;
  private final Set<String> dying = new HashSet<>();
  private List<ServicePort> written = List.of();

  IpvsProxy(Setup setup, String scheduler) {
    super(setup);
    this.scheduler = scheduler;
  }

  @Override
  public Installed start(List<ServicePort> services, Optional<Installed> found) {
    written = services;
    IpvsRules rules = IpvsRules.of(services, config(), scheduler).edited(this::edited);
    String tool = run("ipvsadm", "--version").strip();
    String addresses = String.join("", rules.addressLines());
    String sysctls =
        rules.sysctls().entrySet().stream()
            .map(e -> "echo " + e.getValue() + " > /proc/sys/" + e.getKey())
            .collect(Collectors.joining(" && "));
    double ms = timed("", "sh", "-c", sysctls);
    ms += timed("", "ip", "link", "add", IpvsRules.INTERFACE, "type", "dummy");
    ms += timed(rules.ipvsadm(), "ipvsadm", "-R");
    ms += timed(addresses, "ip", "-batch", "-");
    ms += timed(rules.ipset(), "ipset", "restore");
    ms +=
        timed(
            IptablesRules.beside(
                found.filter(f -> f.backend().equals(Optional.of(IptablesBackend.LEGACY))),
                rules.iptables()),
            restore());
    String text = rules.text();
    return new Installed(
        Optional.empty(), Optional.of(tool), text, lines(text, "-A ", "-a ", "add "), ms);
  }

  @Override
  double write(List<ServicePort> services, boolean graceful) {
    Set<String> connected = graceful ? connected() : Set.of();
    IpvsSync sync = IpvsSync.of(written, services, config(), scheduler, dying, connected);
    written = services;
    double ms = changed(edited(sync.ipvsadm()), "ipvsadm", "-R");
    ms += changed(sync.bound(), "ip", "-batch", "-");
    ms += changed(sync.ipset(), "ipset", "restore");
    ms += timed(sync.iptables(), restore());
    ms += changed(sync.unbound(), "ip", "-batch", "-");
    return ms + changed(sync.gone(), "ipvsadm", "-R");
  }

  private double changed(String input, String... command) {
    return input.isEmpty() ? 0 : timed(input, command);
  }

  /** A new process takes up again what it finds at weight 0, and deletes at once what it can. */
  @Override
  double writeAnew(List<ServicePort> services) {
    recheck();
    return super.writeAnew(services);
  }

  @Override
  public void recheck() {
    if (!dying.isEmpty()) {
      String ended = IpvsSync.ended(dying, connected());
      double _ = changed(ended, "ipvsadm", "-R");
    }
  }

  private Set<String> connected() {
    return RealServers.connected(run("ipvsadm", "-Ln"));
  }

  private static String[] restore() {
    return new String[] {"iptables-legacy-restore", "-w", "5", "--noflush"};
  }

  @Override
  public String dump() {
    return run(
        "sh",
        "-c",
        "ipvsadm -Sn; ipset save; iptables-legacy-save; ip addr show " + IpvsRules.INTERFACE);
  }

  @Override
  public double stop() {
    return removal().stream().mapToDouble(DoubleSupplier::getAsDouble).sum();
  }

  @Override
  public void abandon() {
    removal().forEach(NodeProxy::attempt);
  }

  private List<DoubleSupplier> removal() {
    return List.of(
        () -> timed("", "ipvsadm", "-C"),
        () -> timed(IptablesProxy.EMPTY_TABLES, "iptables-legacy-restore", "-w", "5"),
        () -> timed("", "ipset", "destroy"),
        () -> timed("", "ip", "link", "del", IpvsRules.INTERFACE));
  }
}
