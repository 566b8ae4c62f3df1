package dev.conntrail.result.row;

import java.util.List;
import java.util.Optional;

/**
 * {@code jmh.csv}: one row a benchmark, its parameters, and fork.
 *
 * @param what what was measured
 * @param otherParameters parameters without a column, {@code k=v}
 * @param fork numbered from 1, in the order in which they ran
 * @param iterationsCount measured iterations
 * @param p50Ns median of the iterations, each a mean over its operations
 */
public record JmhRow(
    String run,
    String benchmark,
    @Inline What what,
    List<String> otherParameters,
    int threads,
    int fork,
    long iterationsCount,
    double p50Ns,
    double minNs,
    double maxNs,
    @Inline OtherWork beside) {
  /** What a benchmark measures, as far as its parameters tell; empty where it has no such. */
  public record What(
      Optional<Packet> packet,
      Optional<Lookup> lookup,
      Optional<Long> servicesCount,
      Optional<Long> endpointsCount,
      Optional<Target> target,
      Optional<ConnectionTable> table,
      Optional<Long> connectionsCount) {}
}
