package dev.conntrail.result.row;

import java.util.List;
import java.util.Optional;

/** {@code jmh.csv}: one row a benchmark and its parameters. */
public record JmhRow(
    String run,
    String benchmark,
    Optional<Lookup> lookup,
    Optional<Long> servicesCount,
    Optional<Long> endpointsCount,
    Optional<Target> target,
    Optional<Long> connectionsCount,
    List<String> otherParameters,
    int threads,
    int forks,
    long iterationsCount,
    double scoreNs,
    double errorNs,
    double minNs) {}
