package dev.conntrail.dataplane;

import java.util.List;
import java.util.Optional;

/** Mode nftables, by one transaction each time. */
final class NftablesProxy extends NodeProxy {
  private List<ServicePort> written = List.of();

  NftablesProxy(Setup setup) {
    super(setup);
  }

  @Override
  public Installed start(List<ServicePort> services, Optional<Installed> found) {
    written = services;
    String text = edited(NftablesRules.text(services, config()));
    String tool = run("nft", "--version").strip();
    return new Installed(
        Optional.empty(),
        Optional.of(tool),
        text,
        lines(text, "add rule", "add element"),
        timed(text, "nft", "-f", "-"));
  }

  @Override
  double write(List<ServicePort> services, boolean graceful) {
    String text = edited(NftablesRules.sync(written, services, config()));
    written = services;
    return timed(text, "nft", "-f", "-");
  }

  @Override
  double writeAnew(List<ServicePort> services) {
    String text = edited(NftablesRules.text(services, config()));
    written = services;
    return timed(text, "nft", "-f", "-");
  }

  @Override
  public String dump() {
    return run("nft", "list", "table", "ip", NftablesRules.TABLE);
  }

  @Override
  public double stop() {
    return timed("", "nft", "delete", "table", "ip", NftablesRules.TABLE);
  }
}
