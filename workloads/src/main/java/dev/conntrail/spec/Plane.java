package dev.conntrail.spec;

import java.util.Optional;

/**
 * A data plane as one names it: with the backend where it is iptables, and the scheduler where it
 * is ipvs.
 *
 * @param dataPlane what spreads connections
 * @param backend of iptables; empty for others
 * @param scheduler of ipvs; empty for others
 */
public record Plane(
    DataPlane dataPlane, Optional<IptablesBackend> backend, Optional<IpvsScheduler> scheduler) {
  /** The scheduler of ipvs, where it is not the one that kube-proxy has unless told. */
  public Optional<IpvsScheduler> otherScheduler() {
    return scheduler.filter(s -> s != IpvsScheduler.RR);
  }

  /** Its words, joined: {@code iptables-legacy}, {@code ipvs-rr}; no backend if none was named. */
  public String word() {
    return dataPlane.word()
        + backend.filter(b -> b != IptablesBackend.AUTO).map(b -> "-" + b.word()).orElse("")
        + scheduler.map(s -> "-" + s.word()).orElse("");
  }
}
