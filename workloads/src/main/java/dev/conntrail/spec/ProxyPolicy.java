package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/** How a proxy chooses a pod: for each request, but for those that keep their connection. */
public enum ProxyPolicy implements Named {
  /** In turn. */
  HAPROXY_ROUNDROBIN(ProxyProgram.HAPROXY, "roundrobin", "roundrobin"),
  /** Fewest that are under way; streams and requests count, where pods are spoken to by HTTP. */
  HAPROXY_LEASTCONN(ProxyProgram.HAPROXY, "leastconn", "leastconn"),
  /** The less loaded of two that are drawn, from a ring of 16 points a pod. */
  HAPROXY_RANDOM(ProxyProgram.HAPROXY, "random", "random(2)"),
  /** In turn, each worker thread for itself. */
  ENVOY_ROUND_ROBIN(ProxyProgram.ENVOY, "round-robin", "ROUND_ROBIN"),
  /** The one with fewer requests under way, of two that are drawn. */
  ENVOY_LEAST_REQUEST(ProxyProgram.ENVOY, "least-request", "LEAST_REQUEST"),
  /** By the client's address, on a ring. */
  ENVOY_RING_HASH(ProxyProgram.ENVOY, "ring-hash", "RING_HASH"),
  /** By the client's address, in a table that gives pods as many places each (Maglev). */
  ENVOY_MAGLEV(ProxyProgram.ENVOY, "maglev", "MAGLEV");

  private final ProxyProgram program;
  private final String own;
  private final String setting;

  ProxyPolicy(ProxyProgram program, String own, String setting) {
    this.program = program;
    this.own = own;
    this.setting = setting;
  }

  /** Whose it is. */
  public ProxyProgram program() {
    return program;
  }

  /** What its program leaves open. */
  Set<Knob> knobs() {
    return program == ProxyProgram.ENVOY
        ? EnumSet.of(Knob.WORKERS, Knob.OUTLIERS)
        : EnumSet.noneOf(Knob.class);
  }

  /** Whether a client's address decides. */
  public boolean hashes() {
    return this == ENVOY_RING_HASH || this == ENVOY_MAGLEV;
  }

  /** What the program's configuration calls it. */
  public String setting() {
    return setting;
  }

  /** Program and policy. */
  @Override
  public String word() {
    return program.word() + "-" + own;
  }
}
