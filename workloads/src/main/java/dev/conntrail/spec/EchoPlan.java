package dev.conntrail.spec;

import java.util.List;

/**
 * What an echo process serves. It travels to the process, and comes back with the ports it listens
 * on, as a JSON file.
 *
 * @param pods names, nodes, addresses, ports, namespaces and delays
 */
public record EchoPlan(List<EchoPod> pods) {
  public EchoPlan {
    pods = List.copyOf(pods);
  }
}
