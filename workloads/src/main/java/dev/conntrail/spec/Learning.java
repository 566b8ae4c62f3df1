package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/** How a client that balances for itself learns which pods there are. */
public enum Learning implements Named {
  /** As one that watches the Service's EndpointSlices: it is told of each change. */
  WATCH("watch", Change.Who.CLIENT, "a watch of EndpointSlices"),
  /** Once, when it begins, as from a name that is never looked up again. */
  ONCE("once", Change.Who.CLIENT, "the pods' addresses, when it begins"),
  /**
   * From the name of a headless Service, and not again while what was heard last is younger than
   * {@code networkaddress.cache.ttl}. grpc-java's own resolver asks when a connection ends ({@code
   * io.grpc.internal.DnsNameResolver}); clients of other protocols ask whenever they pick a pod,
   * and Java keeps the answer ({@code java.net.InetAddress}).
   */
  DNS("dns", Change.Who.CLUSTER, "a headless Service, whose name has the pods' addresses");

  private final String word;
  private final Change.Who who;
  private final String change;

  Learning(String word, Change.Who who, String change) {
    this.word = word;
    this.who = who;
    this.change = change;
  }

  /** What it takes. */
  public Change change() {
    return new Change(who, change);
  }

  /** What it leaves open. */
  Set<Knob> knobs() {
    return this == DNS ? EnumSet.of(Knob.TTL) : EnumSet.noneOf(Knob.class);
  }

  @Override
  public String word() {
    return word;
  }
}
