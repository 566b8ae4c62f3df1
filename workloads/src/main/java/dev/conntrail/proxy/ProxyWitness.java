package dev.conntrail.proxy;

import java.util.List;

/**
 * What a proxy says at its end.
 *
 * @param counts its own counters
 * @param passed its own log
 * @param drained whether all connections had gone before it was ended
 */
public record ProxyWitness(ProxyCounts counts, List<Passed> passed, boolean drained) {
  /** Copies. */
  public ProxyWitness {
    passed = List.copyOf(passed);
  }
}
