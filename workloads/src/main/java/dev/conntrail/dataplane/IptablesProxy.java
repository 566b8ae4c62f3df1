package dev.conntrail.dataplane;

import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Programs;
import java.util.List;
import java.util.Optional;

/** Mode iptables, by one restore each time. */
final class IptablesProxy extends NodeProxy {
  /** What empties ip_tables, for a restore that flushes. */
  static final String EMPTY_TABLES =
      "*mangle\n:PREROUTING ACCEPT\nCOMMIT\n*filter\n:INPUT ACCEPT\nCOMMIT\n*nat\n:PREROUTING ACCEPT\nCOMMIT\n";

  private final IptablesBackend backend;
  private ProxyConfig config;
  private List<ServicePort> written = List.of();

  IptablesProxy(Setup setup, IptablesBackend backend) {
    super(setup);
    this.backend = backend;
  }

  @Override
  public Installed start(List<ServicePort> services, Optional<Installed> found) {
    config = config().withNfacct(makeCounters());
    written = services;
    String text =
        edited(
            IptablesRules.beside(
                found.filter(_ -> backend == IptablesBackend.LEGACY),
                IptablesRules.text(services, config)));
    String tool = run(program(""), "--version").strip();
    return new Installed(
        Optional.of(backend), Optional.of(tool), text, lines(text, "-A "), timed(text, restore()));
  }

  @Override
  double write(List<ServicePort> services, boolean graceful) {
    String text = edited(IptablesRules.sync(written, services, config));
    written = services;
    return timed(text, restore());
  }

  @Override
  double writeAnew(List<ServicePort> services) {
    String text = edited(IptablesRules.restart(written, services, config));
    written = services;
    return timed(text, restore());
  }

  private String[] restore() {
    return new String[] {program("-restore"), "-w", "5", "--noflush", "--counters"};
  }

  private String program(String suffix) {
    return "iptables-" + backend.word() + suffix;
  }

  /** kube-proxy makes its counters first, and leaves out the rules that name them if it cannot. */
  private boolean makeCounters() {
    return Programs.find("nfacct").isPresent()
        && IptablesRules.NFACCT_COUNTERS.stream()
            .allMatch(c -> succeeds("nfacct", "add", c) || succeeds("nfacct", "get", c));
  }

  @Override
  public String dump() {
    return run(program("-save"));
  }

  @Override
  public double stop() {
    return backend == IptablesBackend.NFT
        ? timed(
            "delete table ip mangle\ndelete table ip filter\ndelete table ip nat\n",
            "nft",
            "-f",
            "-")
        : timed(EMPTY_TABLES, program("-restore"), "-w", "5");
  }
}
