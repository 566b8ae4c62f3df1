package dev.conntrail.result.row;

import java.util.Optional;

/**
 * {@code proxy_counts.csv}: a proxy's own counter against what somebody else counted.
 *
 * @param proxy empty of all proxies together
 * @param pod empty of what clients did
 * @param counter which of its counters
 * @param held against whom it is held
 * @param counterCount what it says
 * @param leastCount the least that the other explains
 * @param mostCount the most; empty where nothing bounds it
 * @param agreement whether it lies between the two
 */
public record ProxyCountRow(
    @Inline At at,
    Optional<String> proxy,
    Optional<String> pod,
    ProxyCounter counter,
    OtherCounter held,
    long counterCount,
    long leastCount,
    Optional<Long> mostCount,
    Agreement agreement) {
  /** With what follows from the bounds. */
  public static ProxyCountRow of(
      At at,
      Optional<String> proxy,
      Optional<String> pod,
      ProxyCounter counter,
      OtherCounter held,
      long count,
      long least,
      Optional<Long> most) {
    boolean within = count >= least && most.map(m -> count <= m).orElse(true);
    return new ProxyCountRow(
        at,
        proxy,
        pod,
        counter,
        held,
        count,
        least,
        most,
        within ? Agreement.AGREE : Agreement.DIFFER);
  }

  /** Whether it differs in a way that nothing explains. */
  public boolean differs() {
    return agreement == Agreement.DIFFER;
  }
}
